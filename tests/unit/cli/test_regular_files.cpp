// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/regular_files.hpp"

#include "configure.hpp"
#include "own_folder.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

namespace soapstone::cli {
namespace {

namespace fs = std::filesystem;

/// Works in a folder of its own with a file, a folder and a pipe.
class RegularFiles : public OwnFolder {
protected:
  RegularFiles() {
    fs::create_directories("there");
    std::ofstream("m.h5") << "content";
    if (mkfifo("pipe", 0600) != 0)
      throw std::runtime_error("no pipe");
    fs::create_symlink("pipe", "link");
    fs::create_symlink("pipe", "s.checkpoint.h5");
  }

  static void check(const std::string& command, Words words) {
    if (command != "inspect")
      words.insert(words.begin(), {"--data.structures", "pipe"}); // which may be one
    words.insert(words.begin(), command);
    require_regular_files(configure(words));
  }

  static void refuses(const std::string& command, const Words& words, const std::string& key,
                      const std::string& path, const std::string& kind) {
    try {
      check(command, words);
      ADD_FAILURE() << "no error about " << key;
    } catch (const IoError& error) {
      EXPECT_EQ(error.path(), path);
      EXPECT_THAT(error.what(), testing::HasSubstr("is a " + kind + ", expected a regular file for " + key));
    }
  }
};

TEST_F(RegularFiles, checkpoints_and_models) {
  for (const char* name : {"pipe", "link"})
    for (const char* command : {"train", "search", "optimize"})
      refuses(command, {"--checkpoint", name}, "checkpoint", name, "pipe");
  refuses("search", {"--output", "s.csv"}, "checkpoint", "s.checkpoint.h5", "pipe");
  refuses("optimize", {"--output", "s.txt"}, "checkpoint", "s.checkpoint.h5", "pipe");
  refuses("train", {"--checkpoint", "there"}, "checkpoint", "there", "folder");
  refuses("train", {"--checkpoint", "/dev/null"}, "checkpoint", "/dev/null", "device");
  refuses("predict", {"--model", "pipe"}, "model", "pipe", "pipe");
  refuses("inspect", {"pipe"}, "file", "pipe", "pipe");
}

TEST_F(RegularFiles, outputs_in_hdf5) {
  for (const char* command : {"train", "kernel", "features"})
    refuses(command, {"--output", "/dev/null"}, "output", "/dev/null", "device");
  EXPECT_NO_THROW(check("search", {"--output", "/dev/null"}));
  EXPECT_NO_THROW(check("train", {"--output", "x.h5", "--report", "pipe", "--log-file", "/dev/null"}));
}

TEST_F(RegularFiles, a_coupling_that_is_read_more_than_once) {
  EXPECT_NO_THROW(check("train", {"--species.coupling", "pipe"}));
  refuses("train", {"--species.coupling", "pipe", "--checkpoint", "c.h5"}, "species.coupling", "pipe",
          "pipe");
  refuses("optimize", {"--kernel.2.species.coupling", "pipe"}, "kernel.2.species.coupling", "pipe", "pipe");
  refuses("search", {"--species.coupling", "m.h5,pipe"}, "species.coupling", "pipe", "pipe");
}

TEST_F(RegularFiles, what_is_regular_or_yet_to_be_made) {
  for (const char* name : {"m.h5", "new.h5", "none/new.h5"}) {
    EXPECT_NO_THROW(check("train", {"--output", name, "--checkpoint", "c.h5"}));
    EXPECT_NO_THROW(check("predict", {"--model", name}));
  }
}

} // namespace
} // namespace soapstone::cli
