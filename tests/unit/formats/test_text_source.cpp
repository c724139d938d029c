// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/text_source.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t step) {
  TextSource source(std::make_unique<MemoryStream>(text, step), "x");
  std::vector<std::string> lines;
  std::string_view line;
  while (source.next(line))
    lines.emplace_back(line);
  EXPECT_EQ(source.line_number(), static_cast<std::int64_t>(lines.size()));
  return lines;
}

} // namespace

TEST(TextSource, LinesWithEitherEndAndWithoutALastOne) {
  using Lines = std::vector<std::string>;
  for (const std::size_t step : {1ul, 3ul, 1000ul}) {
    EXPECT_EQ(lines_of("a\nbc\r\n\n\r\nd", step), (Lines{"a", "bc", "", "", "d"}));
    EXPECT_EQ(lines_of("a\n", step), Lines{"a"});
    EXPECT_EQ(lines_of("a\rb\n", step), Lines{"a\rb"});
    EXPECT_EQ(lines_of("", step), Lines{});
  }
}

TEST(TextSource, AByteOrderMarkAtTheBeginningIsNoText) {
  using Lines = std::vector<std::string>;
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::size_t step : {1ul, 2ul, 1000ul}) {
    EXPECT_EQ(lines_of(mark + "a\nb", step), (Lines{"a", "b"}));
    EXPECT_EQ(lines_of("a\n" + mark + "b", step), (Lines{"a", mark + "b"}));
    EXPECT_EQ(lines_of(mark + mark + "a", step), Lines{mark + "a"});
    EXPECT_EQ(lines_of(mark.substr(0, 2), step), Lines{mark.substr(0, 2)});
    EXPECT_EQ(lines_of(mark, step), Lines{});
  }
}

TEST(TextSource, LinesLongerThanTheBuffer) {
  const std::string longest(700000, 'x');
  EXPECT_EQ(lines_of("a\n" + longest + "\n" + longest + "b", 5000),
            (std::vector<std::string>{"a", longest, longest + "b"}));
}

TEST(TextSource, PeekLooksAheadOnly) {
  TextSource source(std::make_unique<MemoryStream>("a\nb\nc", 1), "x");
  std::string_view line;
  EXPECT_TRUE(source.peek(line, 2));
  EXPECT_EQ(line, "c");
  EXPECT_FALSE(source.peek(line, 3));
  EXPECT_EQ(source.line_number(), 0);
  EXPECT_TRUE(source.next(line));
  EXPECT_EQ(line, "a");
  EXPECT_TRUE(source.peek(line));
  EXPECT_EQ(line, "b");
}

TEST(TextSource, EndlessLinesAreRefusedBeforeTheyFillTheMemory) {
  class Endless : public ByteStream {
  public:
    std::size_t read(char* to, std::size_t capacity) override {
      return std::fill_n(to, capacity, '\0'), capacity;
    }
    double done() const override { return 0; }
  };
  TextSource source(std::make_unique<Endless>(), "x");
  std::string_view line;
  EXPECT_THROW(source.next(line), DataError);
}

TEST(TextSource, Utf16IsNamed) {
  using namespace std::string_literals;
  for (const auto& text : {"\xff\xfe\x32\0\n\0"s, "\xfe\xff\0\x32\0\n"s, "2\0\n\0"s, "\0\x32\0\n"s})
    for (const std::size_t step : {1ul, 1000ul})
      expect_data_error([&] { lines_of(text, step); }, -1, 0, {"UTF-16", "save it as UTF-8"});
  EXPECT_EQ(lines_of("2\n\0\0\0\0"s, 1000), (std::vector<std::string>{"2", "\0\0\0\0"s}));
}

} // namespace soapstone::formats
