// SPDX-License-Identifier: BSD-3-Clause
// A library for LD_PRELOAD that keeps the books of a program's MPI: what it makes it must free before
// MPI_Finalize, and all ranks of a communicator must call the same collectives in the same order. Says on
// standard error, on each rank that has something to say, "ledger: rank R: ...", and on rank 0 a last line
// "ledger: ...". Objects that other libraries make for themselves (BLACS) are counted but are no complaint.
// Open objects of HDF5, data spaces and property lists too, are asked of HDF5, and open files of the system.
// SOAPSTONE_LEDGER_DELAY = "SEED MICROSECONDS": delays calls at random, up to that long.
#include "mpi_ledger.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>
#include <hdf5.h>
#include <unistd.h>

namespace ledger {
namespace {

constexpr std::array<const char*, kinds> kind_names{"communicators", "groups",     "datatypes",
                                                    "requests",      "operations", "windows"};

struct Maker {
  bool program;     ///< the executable itself, or a library
  const void* from; ///< address of the call
};

/// The collectives called on one communicator. The id is the same on all its ranks.
struct Book {
  std::uint64_t id, calls = 0, hash = 0, children = 0;
  std::int64_t size = 0;
};

struct Ledger {
  std::array<std::map<std::uintptr_t, Maker>, kinds> open;
  std::map<std::uintptr_t, Book> books;
  std::vector<Book> closed;
  std::uint64_t made = 0;
  std::uint64_t delay_state = 0, delay_most = 0;
  int rank = -1;
  bool active = false;
};
Ledger state;

/// SplitMix64 (as in base/random.cpp, on which this library must not depend).
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

std::uint64_t text_hash(const char* text) {
  std::uint64_t hash = 14695981039346656037ULL; // FNV-1a
  for (; *text != '\0'; ++text)
    hash = (hash ^ static_cast<unsigned char>(*text)) * 1099511628211ULL;
  return hash;
}

/// Whether an address is in the executable: libraries that the program calls make objects of their own.
bool in_program(const void* address) {
  Dl_info place{}, main_place{};
  void* const main_function = dlsym(RTLD_DEFAULT, "main");
  if (dladdr(address, &place) == 0)
    return true;
  if (main_function != nullptr && dladdr(main_function, &main_place) != 0)
    return place.dli_fbase == main_place.dli_fbase;
  return place.dli_fname == nullptr || std::strstr(place.dli_fname, ".so") == nullptr;
}

Book new_book(std::uint64_t id, MPI_Comm comm) {
  Book book{id};
  int size = 0;
  PMPI_Comm_size(comm, &size);
  book.size = size;
  return book;
}

void say(const std::string& text) {
  std::fprintf(stderr, "ledger: rank %d: %s\n", state.rank, text.c_str());
}

std::string place(const void* address) {
  Dl_info info{};
  char text[512];
  if (dladdr(address, &info) == 0)
    return "?";
  std::snprintf(
      text, sizeof text, "%s+0x%zx (%s)", info.dli_fname,
      static_cast<std::size_t>(static_cast<const char*>(address) - static_cast<const char*>(info.dli_fbase)),
      info.dli_sname == nullptr ? "?" : info.dli_sname);
  return text;
}

/// Number of complaints; `others`: objects of libraries.
int complain_of_open_objects(int& others) {
  int complaints = 0;
  for (int kind = 0; kind < kinds; ++kind) {
    int count = 0;
    const void* first = nullptr;
    for (const auto& [handle, maker] : state.open[static_cast<std::size_t>(kind)]) {
      others +=
          maker.program || kind == requests ? 0 : 1; // BLACS does not ask after the last of its messages
      count += maker.program ? 1 : 0;
      first = maker.program && first == nullptr ? maker.from : first;
    }
    if (count > 0)
      say(std::to_string(count) + " " + kind_names[static_cast<std::size_t>(kind)] +
          " not freed, the first made at " + place(first));
    complaints += count;
  }
  return complaints;
}

/// HDF5 is asked by name, so that programs without it can be watched too.
template <typename Function>
Function hdf5_function(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

/// An identifier of a kind of objects that do not live in files, made to be closed again; negative without
/// HDF5.
hid_t make_space() {
  const auto create = hdf5_function<decltype(&H5Screate)>("H5Screate");
  return create == nullptr ? -1 : create(H5S_SCALAR);
}
hid_t make_list() {
  const auto create = hdf5_function<decltype(&H5Pcreate)>("H5Pcreate");
  const auto* const kind = hdf5_function<const hid_t*>("H5P_CLS_DATASET_CREATE_ID_g");
  return create == nullptr || kind == nullptr ? -1 : create(*kind);
}

struct Loose {
  const char* name;
  hid_t (*make)();
  long at_start = 0; ///< that HDF5 has for itself
};
std::array<Loose, 2> loose{{{"data spaces", make_space}, {"property lists", make_list}}};

/// Open objects of one kind. HDF5 counts for its users (H5Inmembers) only kinds of their own; but it numbers
/// identifiers as it gives them out, with the kind in the upper byte, and tells of each whether there is
/// such.
long count_open(hid_t (*make)()) {
  constexpr hid_t first_of_kind = ~((hid_t{1} << 56) - 1);
  const hid_t newest = make();
  if (newest < 0)
    return 0;
  const auto type_of = hdf5_function<decltype(&H5Iget_type)>("H5Iget_type");
  const auto kind = type_of(newest);
  long count = 0;
  for (hid_t one = newest & first_of_kind; one < newest; ++one)
    count += type_of(one) == kind ? 1 : 0;
  hdf5_function<decltype(&H5Idec_ref)>("H5Idec_ref")(newest);
  return count;
}

void begin_hdf5() {
  if (const auto open = hdf5_function<decltype(&H5open)>("H5open"); open != nullptr && open() >= 0)
    for (auto& one : loose)
      one.at_start = count_open(one.make);
}

int complain_of_hdf5() {
  const auto count = hdf5_function<decltype(&H5Fget_obj_count)>("H5Fget_obj_count");
  const auto open = count == nullptr ? 0 : count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL);
  if (open > 0) { // they hold some of the others
    say(std::to_string(open) + " HDF5 objects not closed");
    return static_cast<int>(open);
  }
  long complaints = 0;
  for (const auto& one : loose)
    if (const long left = count_open(one.make) - one.at_start; left > 0) {
      say(std::to_string(left) + " HDF5 " + one.name + " not closed");
      complaints += left;
    }
  return static_cast<int>(complaints);
}

using Files = std::multiset<std::string>;
Files files_at_start;

/// Files that this process has open, without devices, pipes and sockets.
Files open_files() {
  Files files;
  std::error_code gone; // the folder itself is open, too, while it is read
  for (const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) {
    const auto name = std::filesystem::read_symlink(one.path(), gone).string();
    if (!gone && name.starts_with('/') && !name.starts_with("/dev/") && !name.starts_with("/proc/"))
      files.insert(name);
  }
  return files;
}

int complain_of_files() {
  int complaints = 0;
  auto before = files_at_start;
  for (const auto& name : open_files())
    if (const auto known = before.find(name); known != before.end()) {
      before.erase(known);
    } else {
      say("file not closed: " + name);
      ++complaints;
    }
  return complaints;
}

struct Entry {
  std::uint64_t id, calls, hash;
  std::int64_t size;
};

/// On rank 0: communicators of which the ranks tell different stories.
int count_mismatches(const std::vector<Entry>& all) {
  std::map<std::uint64_t, std::vector<Entry>> by_id;
  for (const auto& entry : all)
    by_id[entry.id].push_back(entry);
  int mismatches = 0;
  for (const auto& [id, entries] : by_id) {
    bool same = static_cast<std::int64_t>(entries.size()) == entries.front().size;
    for (const auto& entry : entries)
      same = same && entry.calls == entries.front().calls && entry.hash == entries.front().hash;
    if (same)
      continue;
    ++mismatches;
    std::string counts;
    for (const auto& entry : entries)
      counts += " " + std::to_string(entry.calls);
    say("different collectives on a communicator of " + std::to_string(entries.front().size) +
        " ranks; calls of its ranks:" + counts);
  }
  return mismatches;
}

std::vector<Entry> gather_entries() {
  std::vector<Entry> mine;
  for (const auto& book : state.closed)
    mine.push_back({book.id, book.calls, book.hash, book.size});
  for (const auto& [handle, book] : state.books)
    mine.push_back({book.id, book.calls, book.hash, book.size});
  int ranks = 0, length = static_cast<int>(mine.size() * sizeof(Entry));
  PMPI_Comm_size(MPI_COMM_WORLD, &ranks);
  std::vector<int> lengths(static_cast<std::size_t>(ranks)), starts(lengths.size());
  PMPI_Allgather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, MPI_COMM_WORLD);
  int total = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    starts[i] = total;
    total += lengths[i];
  }
  std::vector<Entry> all(static_cast<std::size_t>(total) / sizeof(Entry));
  PMPI_Allgatherv(mine.data(), length, MPI_BYTE, all.data(), lengths.data(), starts.data(), MPI_BYTE,
                  MPI_COMM_WORLD);
  return all;
}

} // namespace

void begin() {
  if (state.active)
    return;
  PMPI_Comm_rank(MPI_COMM_WORLD, &state.rank);
  state.books[key(MPI_COMM_WORLD)] = new_book(1, MPI_COMM_WORLD);
  state.books[key(MPI_COMM_SELF)] =
      new_book(mix(static_cast<std::uint64_t>(state.rank) + 777), MPI_COMM_SELF);
  begin_hdf5();
  files_at_start = open_files();
  state.active = true;
  unsigned long seed = 0, most = 0;
  if (const char* wish = std::getenv("SOAPSTONE_LEDGER_DELAY"))
    if (std::sscanf(wish, "%lu %lu", &seed, &most) == 2) {
      state.delay_state = mix(seed * 1000003UL + static_cast<unsigned long>(state.rank));
      state.delay_most = most;
    }
}

void delay() {
  if (state.delay_most == 0)
    return;
  state.delay_state += 0x9e3779b97f4a7c15ULL;
  const auto random = mix(state.delay_state);
  if (random % 4 == 0)
    usleep(static_cast<useconds_t>((random >> 8U) % state.delay_most));
}

void called(MPI_Comm comm, const char* name, std::uint64_t detail) {
  if (!state.active)
    return;
  delay();
  const auto found = state.books.find(key(comm));
  if (found == state.books.end())
    return;
  found->second.hash = mix(found->second.hash ^ text_hash(name) ^ mix(detail + 1));
  ++found->second.calls;
}

std::uint64_t detail(int root, int count, MPI_Datatype type) {
  int size = 0;
  PMPI_Type_size(type, &size);
  const auto bytes = static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(size);
  return mix(static_cast<std::uint64_t>(root) + 2) ^ bytes;
}

void note_opened(Kind kind, std::uintptr_t handle, const void* from) {
  if (!state.active)
    return;
  state.open[kind][handle] = {in_program(from), from};
  ++state.made;
}

void note_freed(Kind kind, std::uintptr_t handle) {
  state.open[kind].erase(handle);
}

void closed(MPI_Comm comm) {
  const auto found = state.books.find(key(comm));
  if (!state.active || found == state.books.end())
    return;
  state.closed.push_back(found->second);
  state.books.erase(found);
}

// Its id: its parent's, how many that had made, its lowest world rank.
void made_from(MPI_Comm parent, MPI_Comm made, const void* from) {
  if (!state.active)
    return;
  opened(communicators, made, MPI_COMM_NULL, from);
  const auto found = state.books.find(key(parent));
  if (found == state.books.end())
    return;
  const std::uint64_t nth = ++found->second.children, parent_id = found->second.id;
  if (made == MPI_COMM_NULL)
    return;
  MPI_Group all = MPI_GROUP_NULL, mine = MPI_GROUP_NULL;
  PMPI_Comm_group(MPI_COMM_WORLD, &all);
  PMPI_Comm_group(made, &mine);
  int size = 0, least = 1 << 30;
  PMPI_Group_size(mine, &size);
  for (int i = 0; i < size; ++i) {
    int there = 0;
    PMPI_Group_translate_ranks(mine, 1, &i, all, &there);
    least = there < least ? there : least;
  }
  PMPI_Group_free(&all);
  PMPI_Group_free(&mine);
  state.books[key(made)] =
      new_book(mix(parent_id ^ mix(nth) ^ mix(static_cast<std::uint64_t>(least) << 20U)), made);
}

void close() {
  if (!state.active)
    return;
  state.active = false;
  int sums[3] = {0, 0, static_cast<int>(state.made)};
  sums[0] = complain_of_open_objects(sums[1]) + complain_of_hdf5() + complain_of_files();
  const auto entries = gather_entries();
  if (state.rank == 0)
    sums[0] += count_mismatches(entries);
  PMPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  std::uint64_t calls = 0;
  for (const auto& entry : entries)
    calls += entry.calls;
  if (state.rank == 0)
    std::fprintf(
        stderr, "ledger: %d complaints; %d objects made, %d of other libraries open; %llu collective calls\n",
        sums[0], sums[2], sums[1], static_cast<unsigned long long>(calls));
}

} // namespace ledger
