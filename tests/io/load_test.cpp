#include "warpshard/load.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "host/io/list_reader.h"
#include "tests/io/temporary_file.h"

namespace warpshard {
namespace {

Result<Problem> load_text(const std::string& text) {
  return load_problem(std::span<const char>(text));
}

constexpr const char* kSmall = R"({"problem": {
  "name": "small",
  "nodes": {"intervals": [[0, 4], [2, 2]], "costs": [[1, 2], [3, 4, 5]],
            "usages": [[10, 20], [0, 30, 40]]},
  "edges": {"nodes": [[0, 1], [1, 0], [1], [0, 0]],
            "costs": [[1, 2, 3, 4, 5, 6], [1,2,3,4,5,6], [7, 8, 9], [0, 1, 2, 3]]},
  "usage_limit": 50}})";

using Values = std::vector<std::int64_t>;

void expect_small(const Result<Problem>& loaded) {
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->name, "small");
  ASSERT_EQ(loaded->num_nodes(), 2);
  EXPECT_EQ(loaded->intervals[0].upper, 4);
  EXPECT_TRUE(loaded->intervals[1].empty());
  EXPECT_EQ(loaded->strategy_offsets, (Values{0, 2, 5}));
  EXPECT_EQ(loaded->costs, (Values{1, 2, 3, 4, 5}));
  EXPECT_EQ(loaded->usages, (Values{10, 20, 0, 30, 40}));
  EXPECT_EQ(loaded->edge_offsets, (Values{0, 2, 4, 5, 7}));
  EXPECT_EQ(loaded->edge_nodes, (std::vector<std::int32_t>{0, 1, 1, 0, 1, 0, 0}));
  EXPECT_EQ(loaded->usage_limit, 50);
}

TEST(Load, ReadsAnInstance) {
  const auto loaded = load_text(kSmall);
  expect_small(loaded);
  // The first two tables differ in their blanks only.
  EXPECT_EQ(loaded->edge_tables, (std::vector<std::int32_t>{0, 0, 1, 2}));
  EXPECT_EQ(loaded->table_offsets, (Values{0, 6, 9, 13}));
  EXPECT_EQ(loaded->entries, (Values{1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3}));
}

TEST(Load, TakesKeysInAnyOrderAndSkipsUnknownOnes) {
  expect_small(load_text(R"({"version": [1, {"a": "]}\"\\"}, null], "problem": {
    "usage_limit": 50, "edges": {"comment": {}, "costs":
    [[1,2,3,4,5,6],[1,2,3,4,5,6],[7,8,9],[0,1,2,3]], "nodes": [[0,1],[1,0],[1],[0,0]]},
    "nodes": {"usages": [[10,20],[0,30,40]], "costs": [[1,2],[3,4,5]], "units": "bytes",
    "intervals": [[0,4],[2,2]]}, "extra": -1.5e3, "extra": true, "name": "small"}, "end": []})"));
}

TEST(Load, ReadsEscapedKeysAndAByteOrderMark) {
  expect_small(load_text(std::string("\xef\xbb\xbf") +
                         R"({"pr\u006fblem":{"name":"sm\u0061ll","usage_limit":50,
    "nodes":{"intervals":[[0,4],[2,2]],"costs":[[1,2],[3,4,5]],"usages":[[10,20],[0,30,40]]},
    "edges":{"nodes":[[0,1],[1,0],[1],[0,0]],
    "costs":[[1,2,3,4,5,6],[1,2,3,4,5,6],[7,8,9],[0,1,2,3]]}}}
)"));
}

TEST(Load, ReadsEmptyArraysAndNoLimit) {
  for (const char* limit : {"", R"(,"usage_limit":null)", R"(, "usage_limit" : null )"}) {
    const auto loaded = load_text(
        std::string(R"({"problem":{"nodes":{"intervals":[[0,1]],"costs":[[1]],"usages":[[1]]},)") +
        R"("edges":{"nodes":[],"costs":[ ]})" + limit + "}}");
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->num_nodes(), 1);
    EXPECT_EQ(loaded->num_edges(), 0);
    EXPECT_FALSE(loaded->usage_limit);
    EXPECT_TRUE(loaded->name.empty());
  }
}

// Half-open: a reversed interval is as empty as [2, 2). Lengths beyond 2^63 are no error either.
TEST(Load, ReadsReversedAndEnormousIntervals) {
  const auto loaded = load_text(R"({"problem":{"nodes":{
    "intervals":[[4,-4],[-4611686018427387904,4611686018427387904]],
    "costs":[[1],[1]],"usages":[[5],[7]]},"edges":{"nodes":[],"costs":[]}}})");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->intervals[0].empty());
  EXPECT_FALSE(loaded->intervals[1].empty());
}

TEST(Load, ReadsTheWholeRangeOf64Bits) {
  const auto loaded = load_text(R"({"problem":{"nodes":{
    "intervals":[[-9223372036854775808,9223372036854775807]],
    "costs":[[-9223372036854775808,9223372036854775807]],"usages":[[0,9223372036854775807]]},
    "edges":{"nodes":[],"costs":[]},"usage_limit":9223372036854775807}})");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->costs, (Values{INT64_MIN, INT64_MAX}));
  EXPECT_EQ(loaded->intervals[0].lower, INT64_MIN);
  EXPECT_EQ(loaded->usage_limit, INT64_MAX);
}

std::string list_of(std::size_t count, const std::string& element) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + element;
  return text + "]";
}

// Lists beyond the window, arrays beyond what is parsed in one go, tables of three nodes.
TEST(Load, ReadsMoreThanFitsIntoItsWindow) {
  constexpr std::size_t kNodes = 40000;
  constexpr std::size_t kStrategies = 100;
  const std::string wide = list_of(kStrategies, "7");
  std::string nodes[3] = {list_of(kNodes, "[1,2]"), list_of(kNodes, "[3]"), list_of(kNodes, "[4]")};
  nodes[1].back() = ',';
  nodes[2].back() = ',';
  nodes[0].back() = ',';
  nodes[0] += "[5,6]]";
  nodes[1] += wide + "]";
  nodes[2] += wide + "]";
  const std::string end = std::to_string(kNodes);
  const auto loaded =
      load_text(R"({"problem":{"nodes":{"intervals":)" + nodes[0] + R"(,"costs":)" + nodes[1] +
                R"(,"usages":)" + nodes[2] + R"(},"edges":{"nodes":[[0],[)" + end + "," + end +
                "," + end + R"(],[1]],"costs":[[1],)" +
                list_of(kStrategies * kStrategies * kStrategies, "-123456") + ",[2]]}}}");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->num_nodes(), 40001);
  EXPECT_EQ(loaded->num_strategies(kNodes), 100);
  EXPECT_EQ(loaded->costs.size(), kNodes + kStrategies);
  EXPECT_EQ(loaded->intervals.back().upper, 6);
  EXPECT_EQ(loaded->table_of_edge(0)[0], 1);
  EXPECT_EQ(loaded->table_of_edge(1).size(), 1000000U);
  EXPECT_EQ(loaded->table_of_edge(1).back(), -123456);
  EXPECT_EQ(loaded->table_of_edge(2)[0], 2);
}

// Whatever the window's end falls on: every byte of the document in turn.
TEST(Load, ReadsAcrossTheWindowsEnd) {
  const std::string document = kSmall;
  for (std::size_t byte = 0; byte <= document.size() + 8; ++byte) {
    expect_small(load_text(std::string((std::size_t{1} << 20) - byte, ' ') + document));
    if (HasFatalFailure()) FAIL() << "at byte " << byte;
  }
}

TEST(Load, RecognisesCopiesOfTablesThatAreStillToBeParsed) {
  std::string costs = "[1,2]";
  std::string nodes = "[0]";
  for (int edge = 1; edge < 1000; ++edge) {
    costs += edge % 3 == 0 ? ",[1,2]" : ",[" + std::to_string(edge / 2) + ", 2]";
    nodes += ",[0]";
  }
  const auto loaded = load_text(
      R"({"problem":{"nodes":{"intervals":[[0,1]],"costs":[[0,0]],"usages":[[0,0]]},
      "edges":{"costs":[)" +
      costs + R"(],"nodes":[)" + nodes + "]}}}");
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->num_edges(), 1000);
  for (int edge = 0; edge < 1000; ++edge)
    EXPECT_EQ(loaded->table_of_edge(edge)[0], edge % 3 == 0 ? 1 : edge / 2) << edge;
}

struct Bad {
  const char* document;
  const char* message;
};

/// A valid instance with one part replaced.
std::string instance_with(const std::string& part, const std::string& replacement) {
  std::string text =
      R"({"problem":{"name":"x","nodes":{"intervals":[[0,4],[2,3]],"costs":[[1,2],[3]],)"
      R"("usages":[[1,2],[3]]},"edges":{"nodes":[[0,1]],"costs":[[5,6]]},"usage_limit":50}})";
  return text.replace(text.find(part), part.size(), replacement);
}

void expect_error(const std::string& text, const std::string& message) {
  const auto loaded = load_text(text);
  ASSERT_FALSE(loaded) << text;
  EXPECT_EQ(loaded.error().message, message);
}

TEST(LoadErrors, NameWhatIsNotJson) {
  const Bad cases[] = {
      {"", "the file is empty"},
      {"   ", "expected '{' at byte 3, found the end of the file"},
      {"\xef\xbb\xbf", "expected '{' at byte 3, found the end of the file"},
      {"[]", "expected '{' at byte 0, found '['"},
      {"\x01", "expected '{' at byte 0, found byte 0x01"},
      {"{", "expected a key at byte 1, found the end of the file"},
      {"{}", "problem: missing"},
      {"{} x", "expected the end of the file at byte 3, found 'x'"},
      {"{'problem'", "expected a key at byte 1, found '''"},
      {R"({"a" 1})", "expected ':' at byte 5, found '1'"},
      {R"({"a":1 "b":2})", "expected ',' or '}' at byte 7, found '\"'"},
      {R"({"a":})", "expected a value at byte 5, found '}'"},
      {R"({"a":[1}})", "expected a value at byte 7, found '}'"},
      {R"({"a":"x)", "the file ends inside a string"},
      {R"({"a\x":1})", "not a valid string at byte 1"},
      {"{\"\xff\":1}", "not a valid string at byte 1"},
      {R"({"problem":[]})", "problem: expected '{' at byte 11, found '['"},
      {R"({"problem":{}})", "problem.nodes: missing"},
      {R"({"problem":{"nodes":{}}})", "problem.nodes.intervals: missing"},
      {R"({"problem":{"nodes":null}})", "problem.nodes: expected '{' at byte 20, found 'n'"},
      {R"({"problem":{"name":7}})", "problem.name: expected a string at byte 19, found '7'"},
  };
  for (const Bad& bad : cases) expect_error(bad.document, bad.message);
}

TEST(LoadErrors, RefuseDeepNesting) {
  expect_error("{\"a\":" + std::string(2000, '['), "nested more than 1024 deep");
  expect_error("{\"a\":" + std::string(std::size_t{1} << 22, ' '),
               "expected a value at byte 4194309, found the end of the file");
}

TEST(LoadErrors, NameTheListThatIsNotOne) {
  const std::string where = "problem.nodes.costs";
  const auto costs = [](const char* text) { return instance_with("[[1,2],[3]]", text); };
  expect_error(costs("7"), where + ": expected '[' at byte 66, found '7'");
  expect_error(costs("[[1,2],3]"), where + ": expected a list at byte 73, found '3'");
  expect_error(costs("[[1,2],]"), where + ": expected a list at byte 73, found ']'");
  expect_error(costs("[[1,2] [3]]"), where + ": expected ',' or ']' at byte 73, found '['");
  expect_error(costs("[[1,2],[3]"), where + ": expected a list at byte 77, found '\"'");
  expect_error(costs("[[1,2],[1.5]]"), where + "[1][0]: not a 64-bit integer");
  expect_error(costs("[[1,2],[1e3]]"), where + "[1][0]: not a 64-bit integer");
  expect_error(costs("[[1,null],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,NaN],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,02],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,-],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1 2],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,2],[\"3\"]]"), where + "[1][0]: not a 64-bit integer");
  expect_error(costs("[[1,2],[[3]]]"), where + "[1]: not a list of integers");
  expect_error(costs("[[1,2],[{}]]"), where + "[1][0]: not a 64-bit integer");
  expect_error(costs("[[1,2],[\"],[4]]"), where + "[1]: not a list of integers");
  expect_error(costs("[[1,2],[3\xff]]"), where + "[1]: not a list of integers");
  expect_error(costs("[[1,9223372036854775808],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,-9223372036854775809],[3]]"), where + "[0][1]: not a 64-bit integer");
  expect_error(costs("[[1,99999999999999999999999],[3]]"), where + "[0][1]: not a 64-bit integer");
}

TEST(LoadErrors, NameCountsThatDisagree) {
  expect_error(R"({"problem":{"nodes":{"intervals":[],"costs":[],"usages":[]},)"
               R"("edges":{"nodes":[],"costs":[]}}})",
               "problem.nodes.costs: 0 entries, expected at least 1");
  expect_error(instance_with("[[0,4],[2,3]]", "[[0,4]]"),
               "problem.nodes.intervals: 1 entry, expected 2");
  expect_error(instance_with("[[0,4],[2,3]]", "[[0,4],[2,3,4]]"),
               "problem.nodes.intervals[1]: 3 entries, expected 2");
  expect_error(instance_with(R"("usages":[[1,2],[3]])", R"("usages":[[1,2],[3],[4]])"),
               "problem.nodes.usages: 3 entries, expected 2");
  expect_error(instance_with(R"("usages":[[1,2],[3]])", R"("usages":[[1],[2,3]])"),
               "problem.nodes.usages[0]: 1 entry, expected 2");
  expect_error(instance_with(R"("costs":[[1,2],[3]],"usages":[[1,2],[3]])",
                             R"("costs":[[1,2],[]],"usages":[[1,2],[]])"),
               "problem.nodes.costs[1]: 0 entries, expected at least 1");
  expect_error(instance_with("[[0,1]]", "[[0,1],[1,0]]"),
               "problem.edges.nodes: 2 entries, expected 1");
  expect_error(instance_with("[[0,1]]", "[[]]"),
               "problem.edges.nodes[0]: 0 entries, expected at least 1");
  expect_error(instance_with("[[5,6]]", "[[5,6,7]]"),
               "problem.edges.costs[0]: 3 entries, expected 2");
  expect_error(instance_with("[[5,6]]", "[[]]"), "problem.edges.costs[0]: 0 entries, expected 2");
  expect_error(instance_with("[[0,1]]", list_of(1, list_of(70, "0"))),
               "problem.edges.costs[0]: 2 entries, expected more than 2^64");
}

TEST(LoadErrors, NameValuesOutOfRange) {
  expect_error(instance_with("[[0,1]]", "[[0,2]]"),
               "problem.edges.nodes[0][1]: node 2 is not in [0, 2)");
  expect_error(instance_with("[[0,1]]", "[[0,-1]]"),
               "problem.edges.nodes[0][1]: node -1 does not exist");
  expect_error(instance_with("[[0,1]]", "[[0,4294967296]]"),
               "problem.edges.nodes[0][1]: node 4294967296 does not exist");
  expect_error(instance_with(R"("usages":[[1,2],[3]])", R"("usages":[[1,-2],[3]])"),
               "problem.nodes.usages[0][1]: -2 is below zero");
  expect_error(instance_with("50", "-1"), "problem.usage_limit: -1 is below zero");
  expect_error(instance_with("50", "5.0"), "problem.usage_limit: not a 64-bit integer");
  expect_error(instance_with("50", "\"5\""),
               "problem.usage_limit: expected a value at byte 156, found '\"'");
  expect_error(instance_with("50", "nul"), "problem.usage_limit: not a 64-bit integer");
  expect_error(instance_with("50", "9223372036854775808"),
               "problem.usage_limit: not a 64-bit integer");
  expect_error(instance_with("50", "50x"), "problem.usage_limit: not a 64-bit integer");
}

TEST(LoadErrors, RefuseKeysThatAppearTwice) {
  expect_error(R"({"problem":{"name":"a","name":"b"}})", "problem.name: appears twice");
  expect_error(R"({"problem":{"nodes":{"costs":[],"costs":[]}}})",
               "problem.nodes.costs: appears twice");
}

/// Counts what it is given, at a thousand bytes a list.
class CountingSink : public io::ListSink {
 public:
  void list(std::int64_t /*index*/, std::span<const std::int64_t> /*values*/) override { ++lists_; }
  std::size_t bytes() const override { return 1000 * lists_; }

 private:
  std::size_t lists_ = 0;
};

// A small gzip file can unpack to more than the machine holds.
TEST(LoadErrors, RefuseMoreThanFitsIntoMemory) {
  const std::string text = list_of(1000000, "[1]");
  io::JsonReader reader{io::ByteSource(io::open_memory(text))};
  CountingSink sink;
  try {
    io::ListReader(reader, "costs", sink, {.most = 101'000'000, .taken = 1'000'000}).read();
    FAIL() << "read " << sink.bytes() << " bytes";
  } catch (const io::Failure& failure) {
    EXPECT_TRUE(failure.message.starts_with("costs[")) << failure.message;
    EXPECT_NE(failure.message.find("more than the 101 MB of memory that are allowed"),
              std::string::npos);
  }
  EXPECT_LT(sink.bytes(), 120'000'000U);
}

TEST(LoadErrors, RefuseMoreThanAllowed) {
  const test::TemporaryFile file(kSmall, ".json");
  EXPECT_TRUE(load_problem(file.path()));
  EXPECT_TRUE(load_problem(file.path(), {.memory_limit = 1'000'000}));
  const auto refused = load_problem(file.path(), {.memory_limit = 100});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("more than the 100 bytes of memory that are allowed"),
            std::string::npos)
      << refused.error().message;
}

TEST(LoadErrors, NameFilesThatCannotBeRead) {
  EXPECT_EQ(load_problem("/nonexistent/x.json").error().message,
            "/nonexistent/x.json: No such file or directory");
  EXPECT_EQ(load_problem(::testing::TempDir()).error().message,
            ::testing::TempDir() + ": Is a directory");
}

}  // namespace
}  // namespace warpshard
