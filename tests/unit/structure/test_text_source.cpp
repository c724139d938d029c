// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/text_source.hpp"

#include "scratch.hpp"

namespace soapstone::structure {

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

TEST(TextSource, AByteOrderMarkIsNoText) {
  for (const std::size_t step : {1ul, 1000ul})
    EXPECT_EQ(lines_of("\xEF\xBB\xBF"
                       "8\n\xEF\xBB\xBF"
                       "9\n",
                       step),
              (std::vector<std::string>{"8", "\xEF\xBB\xBF"
                                             "9"}));
  TextSource source(std::make_unique<MemoryStream>("\xEF\xBB\xBF"
                                                   "8\nb",
                                                   1),
                    "x");
  std::string_view line;
  EXPECT_TRUE(source.peek(line));
  EXPECT_EQ(line, "8");
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

} // namespace soapstone::structure
