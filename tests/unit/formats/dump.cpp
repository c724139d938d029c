// SPDX-License-Identifier: BSD-3-Clause
// What this program makes of a file, for compare_with_ase.py: one JSON object per frame, numbers as C99
// hexadecimal floats.
//   structure_dump read FILE | write FILE (as extended XYZ) | neighbours FILE CUTOFF | radii
#include "soapstone/formats/extxyz_writer.hpp"
#include "soapstone/structure/element_properties.hpp"
#include "soapstone/structure/elements.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using namespace soapstone::formats;
using namespace soapstone::structure;

std::string hex(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "\"%a\"", x);
  return text;
}

std::string json(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    char code[8];
    std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    result +=
        c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? std::string(code) : std::string(1, c);
  }
  return result + '"';
}

template <typename Range, typename Show>
std::string list(const Range& range, Show&& show) {
  std::string text = "[";
  for (const auto& item : range)
    text += (text.size() > 1 ? "," : "") + std::string(show(item));
  return text + "]";
}

std::string vector(const Vec3& v) {
  return list(v, hex);
}

void print_frame(const Frame& frame) {
  const Structure& s = frame.structure;
  std::cout << "{\"species\":" << list(s.species, [](int z) { return std::to_string(z); })
            << ",\"positions\":" << list(s.positions, vector) << ",\"cell\":" << list(s.cell.vectors, vector)
            << ",\"pbc\":" << list(s.cell.periodic, [](bool p) { return p ? "true" : "false"; })
            << ",\"info\":"
            << list(frame.info,
                    [](const InfoEntry& e) { return "[" + json(e.key) + "," + json(e.value) + "]"; })
            << ",\"arrays\":"
            << list(frame.arrays,
                    [](const AtomArray& a) {
                      return "[" + json(a.name) + ",\"" + a.type + "\"," + std::to_string(a.columns) + "," +
                             list(a.values, json) + "]";
                    })
            << "}\n";
}

void print_neighbours(const Structure& s, double cutoff) {
  const auto neighbours = find_neighbours(s, cutoff);
  std::string text = "[";
  for (std::size_t i = 0; i < s.size(); ++i)
    for (const auto& n : neighbours.of(i))
      text += (text.size() > 1 ? ",[" : "[") + std::to_string(i) + "," + std::to_string(n.atom) + "," +
              vector(n.displacement) + "," + hex(n.distance) + "]";
  std::cout << text << "]\n";
}

void print_radii() {
  for (int z = 1; z <= max_atomic_number; ++z)
    if (const auto radius = van_der_waals_radius(z))
      std::cout << element_symbol(z) << ' ' << *radius << '\n';
}

} // namespace

int main(int count, char** arguments) {
  if (count == 2 && std::string(arguments[1]) == "radii") {
    print_radii();
    return 0;
  }
  const std::string action = count > 2 ? arguments[1] : "";
  try {
    const auto reader = open_frames(count > 2 ? arguments[2] : "");
    Frame frame;
    while (reader->next(frame)) {
      if (action == "read")
        print_frame(frame);
      else if (action == "write")
        write_extxyz(std::cout, frame);
      else if (action == "neighbours" && count > 3)
        print_neighbours(frame.structure, std::atof(arguments[3]));
      else
        return 2;
    }
  } catch (const soapstone::Error& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(error.code());
  }
  return 0;
}
