// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/run_files.hpp"

#include "configure.hpp"
#include "own_folder.hpp"

#include <filesystem>
#include <fstream>

namespace soapstone::cli {
namespace {

namespace fs = std::filesystem;

/// Works in a folder of its own that holds the files of some runs.
class RunFiles : public OwnFolder {
protected:
  RunFiles() {
    fs::create_directories("frames");
    for (const char* name : {"a.xyz", "m.h5", "u.txt", "v.txt", "frames/1.xyz", "frames/notes.csv"})
      std::ofstream(name) << "content\n";
    fs::create_symlink("a.xyz", "link.xyz");
    fs::create_directory_symlink(".", "here");
    files["x.ini"] = files["o.ini"] = files["s.best.ini"] = files["e.best.ini"] = "";
  }

  static void check(const Words& words) { require_distinct_files(configure(words)); }

  static Words on_data(const std::string& command, const Words& more) {
    Words words{command, "--data.structures", "a.xyz"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  static void expect_refusal(const Words& words, const std::string& key, const std::string& where,
                             const Words& parts) {
    expect_config_error([&] { check(words); }, key, where, parts);
  }

  static void train_refuses(const Words& more, const std::string& key, const std::string& part) {
    expect_refusal(on_data("train", more), key, "command line", {part});
  }
};

TEST_F(RunFiles, no_output_is_written_over_another) {
  train_refuses({"--output", "x", "--report", "x"}, "report",
                "report = x: expected a different file from that of output");
  train_refuses({"--output", "x", "--report", "./x"}, "report", "from that of output");
  train_refuses({"--output", "x", "--log-file", "here/x"}, "log-file", "from that of output");
  train_refuses({"--output", "x", "--checkpoint", (folder_ / "x").string()}, "checkpoint",
                "from that of output");
  train_refuses({"--report", "model.h5"}, "report", "from that of output");
  expect_refusal(on_data("search", {"--output", "x", "--checkpoint", "x"}), "checkpoint", "command line",
                 {"from that of output"});
  expect_refusal(on_data("search", {"--report", "search.best.ini"}), "output", "",
                 {"search.best.ini", "from that of report"});
  expect_refusal(on_data("optimize", {"--output", "o.txt", "--report", "o.ini"}), "output", "command line",
                 {"output = o.txt, which also uses o.ini", "from that of report"});
  expect_refusal(on_data("optimize", {"--output", "o.ini"}), "output", "command line",
                 {"output = o.ini: the coupling and the configuration of the optimum would both be o.ini: "
                  "expected a name that does not end in .ini"});
  // Without a coupling there is no other file of that name.
  EXPECT_NO_THROW(check(on_data("optimize", {"--optimize.parameters", "scale", "--output", "w.ini"})));
}

TEST_F(RunFiles, nothing_that_is_read_is_written_over) {
  for (const char* name : {"a.xyz", "./a.xyz", "link.xyz", "here/a.xyz", "frames/../a.xyz"}) {
    train_refuses({"--output", name}, "output", "from that of data.structures");
    train_refuses({"--report", name}, "report", "from that of data.structures");
    train_refuses({"--log-file", name}, "log-file", "from that of data.structures");
    train_refuses({"--checkpoint", name}, "checkpoint", "from that of data.structures");
  }
  train_refuses({"--species.coupling", "u.txt", "--output", "u.txt"}, "output",
                "from that of species.coupling");
  train_refuses({"--kernel.2.species.coupling", "u.txt", "--output", "u.txt"}, "output",
                "from that of kernel.2.species.coupling");
  expect_refusal(on_data("search", {"--species.coupling", "u.txt,v.txt", "--output", "v.txt"}), "output",
                 "command line", {"from that of species.coupling"});
  expect_refusal(on_data("kernel", {"--against", "u.txt", "--output", "u.txt"}), "output", "command line",
                 {"from that of against"});
  expect_refusal(on_data("predict", {"--model", "m.h5", "--report", "./m.h5"}), "report", "command line",
                 {"from that of model"});
  expect_refusal({"inspect", "m.h5", "--report", "m.h5"}, "report", "command line", {"from that of file"});
}

TEST_F(RunFiles, a_configuration_stays_when_a_file_of_its_name_goes_with_the_output) {
  train_refuses({"--config", "x.ini", "--output", "x.ini"}, "output", "from that of config");
  expect_refusal(on_data("optimize", {"--config", "o.ini", "--output", "o.txt"}), "output", "command line",
                 {"which also uses o.ini", "from that of config"});
  expect_refusal(on_data("search", {"--config", "s.best.ini", "--output", "s.csv"}), "output", "command line",
                 {"which also uses s.best.ini", "from that of config"});
  expect_refusal(on_data("evaluate", {"--config", "e.best.ini", "--output", "e.csv", "--kernel.1.weight", "1",
                                      "--kernel.2.weight", "1", "--validation.optimize-weights", "yes"}),
                 "output", "command line", {"which also uses e.best.ini", "from that of config"});
  EXPECT_NO_THROW(check(on_data("evaluate", {"--config", "e.best.ini", "--output", "e.csv"})));
  expect_refusal(on_data("optimize", {"--kernel.1.weight", "1", "--kernel.2.weight", "1", "--output", "c.txt",
                                      "--kernel.1.species.coupling", "c.2.txt"}),
                 "output", "command line",
                 {"which also uses c.2.txt", "from that of kernel.1.species.coupling"});
}

TEST_F(RunFiles, files_of_a_folder_that_is_read) {
  const auto predict = [](const std::string& output) {
    check({"predict", "--model", "m.h5", "--data.structures", "here/frames", "--output", output});
  };
  expect_config_error([&] { predict("frames/1.xyz"); }, "output", "command line",
                      {"from that of data.structures"});
  EXPECT_NO_THROW(predict("frames/new.xyz"));
  EXPECT_NO_THROW(predict("frames/notes.csv"));
  EXPECT_NO_THROW(predict("1.xyz"));
}

TEST_F(RunFiles, others_are_nobodys_business) {
  EXPECT_NO_THROW(check(on_data("train", {"--report", "/dev/null", "--log-file", "/dev/null"})));
  EXPECT_NO_THROW(check(on_data("train", {"--output", "m.h5", "--report", "none/r.json"})));
  EXPECT_NO_THROW(check(on_data("train", {"--species.coupling", "gaussian", "--output", "gaussian"})));
  EXPECT_NO_THROW(check({"train", "--data.structures", "/dev/stdin", "--output", "x"}));
  EXPECT_NO_THROW(check(on_data("search", {"--checkpoint", "c.h5"})));
}

} // namespace
} // namespace soapstone::cli
