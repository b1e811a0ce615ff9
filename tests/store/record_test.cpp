#include "host/store/record.h"

#include <gtest/gtest.h>

#include "host/store/sha256.h"

namespace warpshard::store {
namespace {

Record sample() {
  Record record;
  record.exact = std::string(64, 'a');
  record.shape = std::string(64, 'b');
  record.name = "a \"name\"\nof two lines";
  record.file = "/somewhere/x.json";
  record.nodes = 3;
  record.edges = 2;
  record.usage_limit = 12;
  record.version = "1.2.3";
  record.host = "host";
  record.time = 1'700'000'000;
  record.seconds = 1.5;
  record.seed = UINT64_MAX;
  record.status = "feasible";
  record.source = "dive";
  record.plan = Record::Plan{{2, Int128{1} << 100}, 7, {0, 3, 1}, {}, {1}, {}};
  record.bound = Record::Bound{{0, -5}, {}};
  return record;
}

TEST(StoreRecord, Sha256OfKnownTexts) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(StoreRecord, SurvivesItsJson) {
  const Record record = sample();
  const auto read = parse_record(to_json(record));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(to_json(*read), to_json(record));
  EXPECT_EQ(read->plan->cost, record.plan->cost);
  EXPECT_EQ(read->plan->strategies, record.plan->strategies);
  EXPECT_EQ(read->bound->value, record.bound->value);
  EXPECT_EQ(read->seed, UINT64_MAX);
  EXPECT_EQ(read->name, record.name);
}

TEST(StoreRecord, SaysWhatItCannotRead) {
  EXPECT_EQ(parse_record("[1, 2").error().message, "not a JSON object");
  EXPECT_EQ(parse_record("{\"a\": 1}").error().message, "not a record of a plan store");
  std::string newer = to_json(sample());
  newer.replace(newer.find("\"version\":2"), 11, "\"version\":9");
  EXPECT_EQ(parse_record(newer).error().message, "a record of version 9, newer than 2");
  std::string path = to_json(sample());
  path.replace(path.find(std::string(64, 'b')), 64, "../../../etc/passwd");
  EXPECT_EQ(parse_record(path).error().message, "not as records are: shape: not a digest");
}

TEST(StoreRecord, NamesAProof) {
  Record record = sample();
  EXPECT_FALSE(record.has_proof());
  record.bound->proof = BlobName{Blob::kProof, std::string(64, 'd')};
  const auto read = parse_record(to_json(record));
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->blobs().size(), 1);
  EXPECT_EQ(read->blobs()[0].file(), std::string(64, 'd') + ".proof");
  EXPECT_TRUE(is_blob_name(read->blobs()[0].file()));
}

/// As it was written before proofs were called proofs.
TEST(StoreRecord, OfVersion1IsRead) {
  const std::string key(64, 'a');
  const std::string digest(64, 'c');
  const std::string json =
      R"({"format":"warpshard-record","version":1,"keys":{"exact":")" + key + R"(","shape":")" +
      key + R"("},"instance":{"name":"n","file":"f","nodes":2,"edges":1},)" +
      R"("attempt":{"version":"0.1.0","host":"h","time":1,"seconds":0.5,"seed":1,"work_limit":0,)" +
      R"("visits":3,"status":"feasible","source":"dive"},)" +
      R"("plan":{"cost":{"forbidden":0,"finite":"7"},"peak_usage":"4","strategies":[1,0]},)" +
      R"("bound":{"value":{"forbidden":0,"finite":"6"},"proof":"certificate","certificate":")" +
      digest + R"("}})";
  const auto read = parse_record(json);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->plan->strategies, (Plan{1, 0}));
  EXPECT_EQ(read->bound->value, (Cost{0, 6}));
  ASSERT_EQ(read->blobs().size(), 1);
  EXPECT_EQ(read->blobs()[0].file(), digest + ".certificate");
  EXPECT_EQ(parse_record(to_json(*read))->blobs().at(0).file(), digest + ".certificate");
}

TEST(StoreRecord, AnyCutOrChangedTextIsReadOrRefused) {
  const std::string json = to_json(sample());
  for (std::size_t length = 0; length < json.size(); ++length) {
    parse_record(json.substr(0, length));
    for (const char c : {'0', '"', '{', '-', ']'}) {
      std::string changed = json;
      changed[length] = c;
      parse_record(changed);
    }
  }
}

TEST(StoreRecord, ReadsIntegersOf128Bits) {
  EXPECT_EQ(parse_int128("-12"), Int128{-12});
  EXPECT_EQ(parse_int128(to_string(Int128{1} << 120)), Int128{1} << 120);
  for (const char* text : {"", "-", "1x", "+1", " 1", "999999999999999999999999999999999999999999"})
    EXPECT_FALSE(parse_int128(text)) << text;
}

}  // namespace
}  // namespace warpshard::store
