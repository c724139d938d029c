// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/command_line.hpp"

#include "expect_config_error.hpp"

namespace soapstone::cli {
namespace {

using Kind = CommandLine::Kind;
using Words = std::vector<std::string>;

std::vector<std::pair<std::string, std::string>> pairs(const Words& words) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& given : parse_command_line(words).assignments) {
    EXPECT_EQ(given.source, "command line");
    found.emplace_back(given.key, given.value);
  }
  return found;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(CommandLine, both_spellings_in_order) {
  EXPECT_EQ(pairs({"train", "--soap.cutoff", "4", "--data.structures=a=b.xyz", "--data.structures", "c.xyz"}),
            (Pairs{{"soap.cutoff", "4"}, {"data.structures", "a=b.xyz"}, {"data.structures", "c.xyz"}}));
}

TEST(CommandLine, values_may_be_negative) {
  EXPECT_EQ(pairs({"train", "--data.atom-energy", "H:-0.5,C:-37.8", "--soap.cutoff", "-5", "--data.target",
                   "-x", "--soap.cutoff-width=-.5"}),
            (Pairs{{"data.atom-energy", "H:-0.5,C:-37.8"},
                   {"soap.cutoff", "-5"},
                   {"data.target", "-x"},
                   {"soap.cutoff-width", "-.5"}}));
}

TEST(CommandLine, flags_take_no_word_but_may_be_given_a_value) {
  EXPECT_EQ(pairs({"inspect", "--quiet", "model.h5"}), (Pairs{{"quiet", "true"}, {"file", "model.h5"}}));
  EXPECT_EQ(pairs({"train", "--quiet=false", "--dry-run"}), (Pairs{{"quiet", "false"}, {"dry-run", "true"}}));
  EXPECT_EQ(pairs({"predict", "--skip-unknown"}), (Pairs{{"skip-unknown", "true"}}));
  EXPECT_EQ(pairs({"inspect", "--", "--quiet"}), (Pairs{{"file", "--quiet"}}));
}

TEST(CommandLine, kernel_keys) {
  EXPECT_EQ(pairs({"train", "--kernel.zeta", "1", "--kernel.1.soap.cutoff", "3", "--kernel.2.weight=1e4"}),
            (Pairs{{"kernel.zeta", "1"}, {"kernel.1.soap.cutoff", "3"}, {"kernel.2.weight", "1e4"}}));
}

TEST(CommandLine, help_version_and_cite) {
  EXPECT_EQ(parse_command_line({"--help"}).kind, Kind::help);
  EXPECT_EQ(parse_command_line({"-h"}).command, "");
  EXPECT_EQ(parse_command_line({"help"}).kind, Kind::help);
  EXPECT_EQ(parse_command_line({"help", "train"}).command, "train");
  EXPECT_EQ(parse_command_line({"train", "--no.such", "x", "--help"}).kind, Kind::help);
  EXPECT_EQ(parse_command_line({"train", "--help"}).command, "train");
  EXPECT_EQ(parse_command_line({"--version"}).kind, Kind::version);
  EXPECT_EQ(parse_command_line({"--cite"}).kind, Kind::cite);
}

void refuses(const Words& words, const std::string& key, const Words& parts) {
  expect_config_error([&] { parse_command_line(words); }, key, "command line", parts);
}

TEST(CommandLine, errors) {
  refuses({}, "", {"expected a command as the first argument", "train"});
  refuses({"--soap.cutoff", "4", "train"}, "", {"expected a command as the first argument"});
  refuses({"trian"}, "trian", {"unknown command 'trian': did you mean 'train'?"});
  refuses({"trian", "--help"}, "trian", {"did you mean 'train'?"});
  refuses({"train", "--soap.cutof", "4"}, "soap.cutof",
          {"unknown key 'soap.cutof': did you mean 'soap.cutoff'?"});
  refuses({"train", "--soap.cutof=4"}, "soap.cutof", {"did you mean 'soap.cutoff'?"});
  refuses({"train", "--soap.cut=4"}, "soap.cut", {"unknown key"}); // no guessing of beginnings
  refuses({"train", "-o", "m.h5"}, "o", {"unknown key 'o'"});
  refuses({"train", "--soap.cutoff"}, "soap.cutoff", {"expected a value after --soap.cutoff"});
  refuses({"train", "--soap.cutoff", "--quiet"}, "soap.cutoff", {"expected a value after --soap.cutoff"});
  refuses({"train", "--soap.cutoff", "--"}, "soap.cutoff", {"expected a value"});
  refuses({"train", "--soap.cutof", "--quiet"}, "soap.cutof", {"unknown key"});
  refuses({"train", ""}, "", {"unexpected argument ''"});
  refuses({"train", "--quiet="}, "quiet", {"expected a value after --quiet"});
  refuses({"train", "--soap.cutoff="}, "soap.cutoff", {"expected a value"});
  refuses({"train", "a.xyz"}, "a.xyz", {"unexpected argument 'a.xyz'"});
  refuses({"train", "--data.structures", "a.xyz", "b.xyz"}, "b.xyz",
          {"unexpected argument 'b.xyz'", "repeat the key"});
}

} // namespace
} // namespace soapstone::cli
