// SPDX-License-Identifier: BSD-3-Clause
// A virtual file driver of HDF5: the functions that HDF5 calls to move bytes, in terms of FallbackFile.
#include "write_driver.hpp"

#include "fallback_file.hpp"

#include <algorithm>
#include <exception>
#include <new>

#include <fcntl.h>
#include <hdf5.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace soapstone::h5 {

namespace {

/// Holds what the access list carries.
struct Settings {
  int* problem;
};

/// HDF5's part first, as it wants it.
struct DriverFile {
  H5FD_t shared{};
  FallbackFile file;
  haddr_t end_of_addresses = 0; // up to which HDF5 has handed out space
};

DriverFile& cast(H5FD_t* file) {
  return *reinterpret_cast<DriverFile*>(file);
}
const DriverFile& cast(const H5FD_t* file) {
  return *reinterpret_cast<const DriverFile*>(file);
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t access, haddr_t) {
  const auto* settings = static_cast<const Settings*>(H5Pget_driver_info(access));
  if (settings == nullptr)
    return nullptr;
  const int posix = ((flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY) |
                    ((flags & H5F_ACC_CREAT) != 0 ? O_CREAT : 0) |
                    ((flags & H5F_ACC_TRUNC) != 0 ? O_TRUNC : 0) | ((flags & H5F_ACC_EXCL) != 0 ? O_EXCL : 0);
  auto* made = new (std::nothrow) DriverFile{{}, {name, posix, settings->problem}, 0};
  if (made != nullptr && !made->file.opened()) {
    delete made;
    made = nullptr;
  }
  return made == nullptr ? nullptr : &made->shared;
}

herr_t close_file(H5FD_t* file) {
  delete &cast(file);
  return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t get_end_of_addresses(const H5FD_t* file, H5FD_mem_t) {
  return cast(file).end_of_addresses;
}

herr_t set_end_of_addresses(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  cast(file).end_of_addresses = address;
  return 0;
}

haddr_t get_end_of_file(const H5FD_t* file, H5FD_mem_t) {
  return cast(file).file.size();
}

herr_t read_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, void* buffer) {
  cast(file).file.read(at, size, static_cast<char*>(buffer));
  return 0;
}

herr_t write_bytes(H5FD_t* file, H5FD_mem_t kind, hid_t, haddr_t at, std::size_t size, const void* buffer) {
  try {
    cast(file).file.write(at, size, static_cast<const char*>(buffer), kind != H5FD_MEM_DRAW);
    return 0;
  } catch (const std::exception&) { // no memory to keep what could not be written
    return -1;
  }
}

herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
  auto& [shared, stored, end] = cast(file);
  if (stored.size() != end)
    stored.resize(end);
  return 0;
}

H5FD_class_t make_driver() {
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 2)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(700); // any from 512 on that no registered driver has
#endif
  driver.name = "soapstone";
  driver.maxaddr = (haddr_t{1} << 62) - 1;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(Settings);
  driver.open = open_file;
  driver.close = close_file;
  driver.query = query;
  driver.get_eoa = get_end_of_addresses;
  driver.set_eoa = set_end_of_addresses;
  driver.get_eof = get_end_of_file;
  driver.read = read_bytes;
  driver.write = write_bytes;
  driver.truncate = truncate;
  const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), std::begin(driver.fl_map));
  return driver;
}

} // namespace

void use_fallback_files(hid_t access, int* problem, const Place& place) {
  static const H5FD_class_t driver = make_driver();
  static const hid_t id = H5FDregister(&driver);
  if (id < 0)
    fail(place, "the file driver cannot be set");
  const Settings settings{problem};
  check(H5Pset_driver(access, id, &settings), place, "the file driver cannot be set");
}

} // namespace soapstone::h5
