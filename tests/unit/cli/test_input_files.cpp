// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/input_files.hpp"

#include "configure.hpp"
#include "own_folder.hpp"

#include <filesystem>
#include <fstream>

namespace soapstone::cli {
namespace {

namespace fs = std::filesystem;

/// Works in a folder of its own with a few files that have several names.
class InputFiles : public OwnFolder {
protected:
  InputFiles() {
    fs::create_directories("frames");
    fs::create_directories("linked");
    for (const char* name : {"a.xyz", "b.xyz", "frames/1.xyz", "frames/2.xyz", "frames/notes.txt"})
      std::ofstream(name) << "content\n";
    fs::create_symlink("a.xyz", "link.xyz");
    fs::create_hard_link("a.xyz", "hard.xyz");
    fs::create_directory_symlink("frames", "other");
    fs::create_symlink("../frames/1.xyz", "linked/one.xyz");
    fs::create_hard_link("frames/1.xyz", "linked/first.xyz");
  }

  static void check(const std::string& key, const Words& paths, Words words) {
    for (const auto& path : paths)
      words.insert(words.end(), {"--" + key, path});
    require_read_once(configure(words));
  }
  static void expect_fine(const Words& paths) {
    EXPECT_NO_THROW(check("data.structures", paths, {"train"}));
    EXPECT_NO_THROW(check("against", paths, {"kernel", "--data.structures", "a.xyz"}));
  }
  static void expect_refusal(const Words& paths, const Words& parts) {
    SCOPED_TRACE(paths.back());
    expect_config_error([&] { check("data.structures", paths, {"train"}); }, "data.structures",
                        "command line", parts);
    expect_config_error(
        [&] {
          check("against", paths, {"kernel", "--data.structures", "b.xyz"});
        },
        "against", "command line", parts);
  }
};

TEST_F(InputFiles, OtherNamesOfAFile) {
  for (const auto& name : {std::string("./a.xyz"), std::string("frames/../a.xyz"), std::string("link.xyz"),
                           std::string("hard.xyz"), (folder_ / "a.xyz").string()}) {
    expect_refusal({"a.xyz", name}, {" = " + name + ": ", name + " is the same file as a.xyz"});
    expect_refusal({name, "b.xyz", "a.xyz"}, {"a.xyz is the same file as " + name});
  }
}

TEST_F(InputFiles, FilesOfAFolder) {
  expect_refusal({"frames", "frames/2.xyz"}, {"frames/2.xyz is the same file as frames/2.xyz of frames"});
  expect_refusal({"frames/1.xyz", "frames"}, {"frames/1.xyz of frames is the same file as frames/1.xyz"});
  expect_refusal({"frames", "other"}, {"other/1.xyz of other is the same file as frames/1.xyz of frames"});
  expect_refusal({"linked"}, {"linked/one.xyz of linked is the same file as linked/first.xyz of linked"});
}

TEST_F(InputFiles, OthersAreReadAsTheyAre) {
  expect_fine({"a.xyz", "b.xyz", "frames"});
  expect_fine({"frames", "frames/notes.txt"}); // which is not read in the folder
  expect_fine({"none.xyz", "./none.xyz"});     // its reader says that there is none
  expect_fine({"/dev/null", "/dev/zero"});
  EXPECT_NO_THROW(check("against", {"link.xyz"}, {"kernel", "--data.structures", "a.xyz"}));
}

} // namespace
} // namespace soapstone::cli
