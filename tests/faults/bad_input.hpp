// SPDX-License-Identifier: BSD-3-Clause
// Random inputs of which most are bad in some way: what a broken exporter, a wrong unit, a failed calculation
// or a slip of the hand makes of a data set and of a command line.
#pragma once

#include "molecules.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::faults {

/// What must become of structures, where that is known: refused by whoever reads them, or by those who want
/// their energies.
enum class Certain { nothing, refused, refused_if_fitted };

struct BadInput {
  std::string what;                                      ///< what is wrong with it, for messages
  std::string structures;                                ///< extended XYZ
  std::vector<std::pair<std::string, std::string>> keys; ///< of the command line
  Certain certain = Certain::nothing;                    ///< of the structures, where they have one fault
};

/// One molecule on its way to text.
struct Draft {
  std::vector<Atom> atoms;
  std::vector<std::array<std::string, 3>> positions; ///< as written
  std::string count, energy, cell;

  std::string text() const {
    std::string all = count + "\n" + (cell.empty() ? "" : cell + " ") + "Properties=species:S:1:pos:R:3";
    all += (energy.empty() ? "" : " energy=" + energy) + "\n";
    for (std::size_t a = 0; a < atoms.size(); ++a)
      all += atoms[a].symbol + " " + positions[a][0] + " " + positions[a][1] + " " + positions[a][2] + "\n";
    return all;
  }
};

class BadInputs {
public:
  explicit BadInputs(std::uint64_t seed) : random_(seed) {}

  BadInput next() {
    BadInput input;
    drafts_.clear();
    const auto count = 1 + random_.below(12);
    for (std::uint64_t i = 0; i < count; ++i)
      drafts_.push_back(draft(random_chain(random_)));
    add_keys(input);
    const auto faults = random_.below(4);
    for (std::uint64_t i = 0; i < faults; ++i)
      input.certain = damage(input);
    for (const auto& one : drafts_)
      input.structures += one.text();
    const bool scrambled = chance(0.08);
    if (scrambled)
      scramble(input);
    if (scrambled || faults > 1)
      input.certain = Certain::nothing; // one may hide the other
    return input;
  }

  /// As a molecule is before anything happens to it.
  static Draft draft(const std::vector<Atom>& atoms) {
    Draft one{atoms, {}, std::to_string(atoms.size()), format("%.17g", made_up_energy(atoms)), ""};
    for (const auto& atom : atoms)
      one.positions.push_back({number(atom.at[0]), number(atom.at[1]), number(atom.at[2])});
    return one;
  }

  static std::string number(double x) { return format("%.17g", x); }

private:
  bool chance(double share) { return random_.uniform() < share; }

  template <typename T>
  const T& any(const std::vector<T>& of) {
    return of[random_.below(of.size())];
  }

  std::string odd_number() {
    return any<std::string>(
        {"nan",     "inf",  "-inf", "1e308", "-1e308", "1e-310", "4.9e-324", "1e400",   "1e200",
         "-1e200",  "1e15", "1e9",  "-1e9",  "1e8",    "1e6",    "0",        "-0",      "1e-300",
         "",        "abc",  "--1",  "1,5",   "0x10",   "1e",     ".",        "1.5D+02", "9007199254740993",
         "\xc3\xa9"});
  }

  /// Of odd_number().
  static bool is_no_number(const std::string& text) {
    static const std::vector<std::string> all{"nan", "inf", "-inf", "1e400", "abc",
                                              "--1", "1,5", "1e",   ".",     "\xc3\xa9"};
    return std::find(all.begin(), all.end(), text) != all.end();
  }

  static Certain refused_if(bool so) { return so ? Certain::refused : Certain::nothing; }

  Certain damage(BadInput& input) {
    auto& one = any_draft();
    const auto& [name, act] = faults_[random_.below(faults_.size())];
    input.what += std::string(" ") + name;
    return act(*this, one);
  }

  Draft& any_draft() { return drafts_[random_.below(drafts_.size())]; }
  std::string& any_coordinate(Draft& one) {
    return one.positions[random_.below(one.positions.size())][random_.below(3)];
  }

  Certain move_atoms(Draft& one, double by) { // one atom onto another, but for `by`
    const auto from = random_.below(one.atoms.size()), to = random_.below(one.atoms.size());
    for (std::size_t k = 0; k < 3; ++k)
      one.positions[to][k] = number(one.atoms[from].at[k] + (k == 0 ? by : 0.0));
    return refused_if(from != to && by == 0);
  }

  void repeat(const Draft& one, double shift) { // a duplicate, or nearly
    Draft copy = one;
    for (auto& atom : copy.positions)
      for (auto& x : atom)
        if (const auto value = parse_double(x); value && shift != 0)
          x = number(*value + shift * random_.normal());
    drafts_.push_back(copy);
  }

  std::string odd_cell() {
    const std::string odd = odd_number(),
                      other = chance(0.5) ? odd_number() : number(3 + 5 * random_.uniform());
    return any<std::string>({"Lattice=\"" + odd + " 0 0 0 " + other + " 0 0 0 6\"",
                             "Lattice=\"5 0 0 0 5 0 0 0 5\"", "Lattice=\"5 0 0 0 5 0 5 5 0\"",
                             "Lattice=\"4 0 0 0 4 0 0 0 1e-3\"", "Lattice=\"4 0 0 0 0.4 0 0 0 5\"",
                             "Lattice=\"0 0 0 0 0 0 0 0 0\"", "Lattice=\"1 2 3\"", "pbc=\"T T T\"",
                             "pbc=\"maybe\"", "Lattice=\"5 0 0 0 5 0 0 0 5\" pbc=\"T F T\"",
                             "Lattice=\"1e9 0 0 0 1e9 0 0 0 1e9\"", "Lattice=\"-5 0 0 0 5 0 0 0 5\""});
  }

  void add_keys(BadInput& input) {
    auto& keys = input.keys;
    const auto add = [&](double share, const char* key, const std::vector<std::string>& values) {
      if (chance(share))
        keys.emplace_back(key, any(values));
    };
    keys.emplace_back("soap.n-max", any<std::string>({"1", "2", "3"}));
    keys.emplace_back("soap.l-max", any<std::string>({"0", "1", "2"}));
    keys.emplace_back("soap.cutoff", any<std::string>({"1", "2.5", "4"}));
    add(0.5, "regression.regularization",
        {"0", "1e-8", "1e-16", "1e-300", "1e300", "1", "nan", "-1", "1e-12"});
    add(0.3, "kernel.zeta", {"1", "2", "3", "6", "0", "40"});
    add(0.2, "soap.gaussian-width", {"0.05", "0.3", "1", "3", "0", "1e-9", "1e300"});
    add(0.2, "radial-scaling.scale", {"1e-3", "2", "1e3", "1e300", "1e-300", "0"});
    add(0.2, "radial-scaling.exponent", {"0", "7", "40", "300", "1e10"});
    add(0.1, "radial-scaling.rate", {"0", "1", "1e-10", "1e300"});
    add(0.1, "soap.central-weight", {"0", "1", "1e10", "1e300", "1e-300"});
    add(0.1, "soap.normalize", {"false"});
    add(0.1, "soap.body-order", {"2"});
    add(0.2, "data.baseline", {"mean", "none", "composition"});
    add(0.1, "data.target-scope", {"per-atom"});
    add(0.1, "data.target-unit", {"hartree", "meV", "kcal/mol"});
    add(0.2, "species.coupling", {"gaussian"});
    add(0.1, "species.sigma-electronegativity", {"1e-6", "1e6", "1e300", "0"});
    add(0.1, "soap.contraction", {"1", "3", "0.5", "1e-12", "100000"});
  }

  void scramble(BadInput& input) { // bytes of the text
    auto& text = input.structures;
    input.what += " bytes";
    for (auto i = 1 + random_.below(4); i > 0 && !text.empty(); --i) {
      const auto at = random_.below(text.size());
      switch (random_.below(4)) {
      case 0:
        text[at] = static_cast<char>(random_.below(256));
        break;
      case 1:
        text.erase(at, 1 + random_.below(20));
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(random_.below(256)));
        break;
      default:
        text.resize(at);
      }
    }
  }

  using Fault = std::pair<const char*, std::function<Certain(BadInputs&, Draft&)>>;
  const std::vector<Fault> faults_{
      {"coordinate",
       [](auto& self, auto& one) {
         auto& coordinate = self.any_coordinate(one);
         coordinate = self.odd_number();
         return refused_if(is_no_number(coordinate) || coordinate.ends_with("1e308"));
       }},
      {"cell",
       [](auto& self, auto& one) {
         one.cell = self.odd_cell();
         return refused_if(one.cell.find("nan") != std::string::npos ||
                           one.cell.find("inf") != std::string::npos);
       }},
      {"energy",
       [](auto& self, auto& one) {
         one.energy = self.odd_number();
         return one.energy.empty() ? Certain::refused_if_fitted
                                   : refused_if(is_no_number(one.energy) || one.energy.ends_with("1e308"));
       }},
      {"no-energy",
       [](auto&, auto& one) {
         one.energy.clear();
         return Certain::refused_if_fitted;
       }},
      {"count",
       [](auto& self, auto& one) {
         one.count = self.any(
             std::vector<std::string>{"0", "-1", "1", "99", "1000000000000000000", "", "two", "2.0"});
         return refused_if(one.count != "1" && !one.count.empty());
       }},
      {"element",
       [](auto& self, auto& one) {
         one.atoms.front().symbol =
             self.any(std::vector<std::string>{"Xx", "Og", "h", "0", "6", "119", "-", "U", "He"});
         return refused_if(one.atoms.front().symbol == "Xx" || one.atoms.front().symbol == "-");
       }},
      {"coincidence",
       [](auto& self, auto& one) {
         return self.move_atoms(one, self.any(std::vector<double>{0, 1e-12, 1e-8, 1e-6, 1e-3, 0.05}));
       }},
      {"duplicate",
       [](auto& self, auto& one) {
         self.repeat(Draft(one), 0);
         return Certain::nothing;
       }},
      {"near-duplicate",
       [](auto& self, auto& one) {
         self.repeat(Draft(one), self.any(std::vector<double>{1e-15, 1e-12, 1e-9, 1e-6}));
         return Certain::nothing;
       }},
      {"all-alike",
       [](auto& self, auto& one) {
         std::fill(self.drafts_.begin(), self.drafts_.end(), Draft(one));
         return Certain::nothing;
       }},
      {"constant",
       [](auto& self, auto&) {
         const auto same = self.any(std::vector<std::string>{"0", "-5", "1e-320", "1e300", "1e150"});
         for (auto& each : self.drafts_)
           each.energy = same;
         return Certain::nothing;
       }},
      {"far",
       [](auto& self, auto& one) {
         for (auto& atom : one.positions)
           atom[0] = self.any(std::vector<std::string>{"1e8", "1e5", "999999999", "-3e7"});
         return Certain::nothing;
       }},
      {"atom",
       [](auto&, auto& one) {
         one.atoms.resize(1);
         one.positions.resize(1);
         one.count = "1";
         return Certain::nothing;
       }},
  };

  CounterRandom random_;
  std::vector<Draft> drafts_;
};

} // namespace soapstone::faults
