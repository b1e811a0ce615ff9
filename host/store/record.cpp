#include "host/store/record.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/store/sha256.h"

namespace warpshard::store {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "warpshard-record";

/// Names of a bound's member that names a proof; the latter is what version 1 wrote.
constexpr std::array<std::pair<const char*, Blob>, 2> kProofMembers{
    {{"proof_blob", Blob::kProof}, {"certificate", Blob::kCertificate}}};

/// Ends of file names, in the order of Blob.
constexpr std::array<std::string_view, 4> kBlobSuffixes{".plan", ".core", ".proof", ".certificate"};

/// Thrown and caught in this file only: reading is nested, and the first mistake ends it.
struct Mistake {
  std::string message;
};

Json cost_json(const Cost& cost) {
  return {{"forbidden", cost.forbidden}, {"finite", to_string(cost.finite)}};
}

Json plan_json(const Record::Plan& plan) {
  Json json = {{"cost", cost_json(plan.cost)}, {"peak_usage", to_string(plan.peak_usage)}};
  if (plan.blob.empty())
    json["strategies"] = plan.strategies;
  else
    json["blob"] = plan.blob;
  if (!plan.core.empty()) json["core"] = plan.core;
  if (!plan.core_blob.empty()) json["core_blob"] = plan.core_blob;
  return json;
}

Json bound_json(const Record::Bound& bound) {
  Json json = {{"value", cost_json(bound.value)}};
  for (const auto& [name, kind] : kProofMembers)
    if (bound.proof && bound.proof->kind == kind) json[name] = bound.proof->digest;
  return json;
}

/// A member of the wanted type. A pointer in the library's sense: no exception, no conversion.
template <typename T>
const T& member(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) throw Mistake{std::string(key) + ": missing"};
  const T* value = found->template get_ptr<const T*>();
  if (value == nullptr) throw Mistake{std::string(key) + ": of the wrong type"};
  return *value;
}

const std::string& text(const Json& object, const char* key) {
  return member<Json::string_t>(object, key);
}

std::int64_t integer(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) throw Mistake{std::string(key) + ": missing"};
  const bool fits = found->is_number_integer() &&
                    (!found->is_number_unsigned() ||
                     found->get<std::uint64_t>() <=
                         static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  if (!fits) throw Mistake{std::string(key) + ": not a 64-bit integer"};
  return found->get<std::int64_t>();
}

double number(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_number())
    throw Mistake{std::string(key) + ": not a number"};
  return found->get<double>();
}

Int128 long_integer(const Json& object, const char* key) {
  const auto value = parse_int128(text(object, key));
  if (!value) throw Mistake{std::string(key) + ": not the digits of a 128-bit integer"};
  return *value;
}

/// A member that may be absent; null where it is.
const Json* optional_member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// A member that names a file, and must not name any other.
const std::string& digest(const Json& object, const char* key) {
  const std::string& name = text(object, key);
  if (!is_hex_digest(name)) throw Mistake{std::string(key) + ": not a digest"};
  return name;
}

std::string optional_digest(const Json& object, const char* key) {
  return optional_member(object, key) == nullptr ? std::string() : digest(object, key);
}

Plan strategies(const Json& json, const char* key) {
  Plan plan;
  for (const Json& element : member<Json::array_t>(json, key)) {
    if (!element.is_number_unsigned() ||
        element.get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max())
      throw Mistake{std::string(key) + ": not a strategy"};
    plan.push_back(element.get<std::int32_t>());
  }
  return plan;
}

Cost cost(const Json& object, const char* key) {
  const Json& json = Json(member<Json::object_t>(object, key));
  const Cost value{integer(json, "forbidden"), long_integer(json, "finite")};
  if (value.forbidden < 0) throw Mistake{std::string(key) + ": below zero forbidden entries"};
  return value;
}

Record::Plan read_plan(const Json& json) {
  Record::Plan plan;
  plan.cost = cost(json, "cost");
  plan.peak_usage = long_integer(json, "peak_usage");
  plan.blob = optional_digest(json, "blob");
  if (plan.blob.empty()) plan.strategies = strategies(json, "strategies");
  if (optional_member(json, "core") != nullptr) plan.core = strategies(json, "core");
  plan.core_blob = optional_digest(json, "core_blob");
  return plan;
}

Record::Bound read_bound(const Json& json) {
  Record::Bound bound{cost(json, "value"), {}};
  for (const auto& [name, kind] : kProofMembers)
    if (optional_member(json, name) != nullptr) bound.proof = BlobName{kind, digest(json, name)};
  return bound;
}

void read_keys(const Json& json, Record& record) {
  record.exact = digest(json, "exact");
  record.shape = digest(json, "shape");
  record.core = optional_digest(json, "core");
}

void read_instance(const Json& json, Record& record) {
  record.name = text(json, "name");
  record.file = text(json, "file");
  record.nodes = integer(json, "nodes");
  record.edges = integer(json, "edges");
  if (optional_member(json, "usage_limit") != nullptr)
    record.usage_limit = integer(json, "usage_limit");
}

void read_attempt(const Json& json, Record& record) {
  record.version = text(json, "version");
  record.host = text(json, "host");
  record.time = integer(json, "time");
  record.seconds = number(json, "seconds");
  record.seed = member<Json::number_unsigned_t>(json, "seed");
  record.work_limit = integer(json, "work_limit");
  record.visits = integer(json, "visits");
  record.status = text(json, "status");
  record.source = text(json, "source");
}

Json object_at(const Json& json, const char* key) {
  return Json(member<Json::object_t>(json, key));
}

Record read_record(const Json& json) {
  Record record;
  read_keys(object_at(json, "keys"), record);
  read_instance(object_at(json, "instance"), record);
  read_attempt(object_at(json, "attempt"), record);
  if (optional_member(json, "plan") != nullptr) record.plan = read_plan(object_at(json, "plan"));
  if (optional_member(json, "bound") != nullptr)
    record.bound = read_bound(object_at(json, "bound"));
  return record;
}

}  // namespace

std::string BlobName::file() const {
  return digest + std::string(kBlobSuffixes.at(static_cast<std::size_t>(kind)));
}

bool is_blob_name(std::string_view file) {
  return std::ranges::any_of(kBlobSuffixes,
                             [&](std::string_view suffix) { return file.ends_with(suffix); });
}

std::vector<BlobName> Record::blobs() const {
  std::vector<BlobName> blobs;
  if (plan && !plan->blob.empty()) blobs.push_back({Blob::kPlan, plan->blob});
  if (plan && !plan->core_blob.empty()) blobs.push_back({Blob::kCore, plan->core_blob});
  if (has_proof()) blobs.push_back(*bound->proof);
  return blobs;
}

std::string to_json(const Record& record) {
  Json keys = {{"exact", record.exact}, {"shape", record.shape}};
  if (!record.core.empty()) keys["core"] = record.core;
  Json instance = {{"name", record.name},
                   {"file", record.file},
                   {"nodes", record.nodes},
                   {"edges", record.edges}};
  if (record.usage_limit) instance["usage_limit"] = *record.usage_limit;
  Json json = {{"format", kFormat},
               {"version", kRecordVersion},
               {"keys", keys},
               {"instance", instance},
               {"attempt",
                {{"version", record.version},
                 {"host", record.host},
                 {"time", record.time},
                 {"seconds", record.seconds},
                 {"seed", record.seed},
                 {"work_limit", record.work_limit},
                 {"visits", record.visits},
                 {"status", record.status},
                 {"source", record.source}}}};
  if (record.plan) json["plan"] = plan_json(*record.plan);
  if (record.bound) json["bound"] = bound_json(*record.bound);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Record> parse_record(std::string_view json_text) {
  const Json json = Json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Error{"not a JSON object"};
  try {
    const auto format = json.find("format");
    if (format == json.end() || *format != kFormat) return Error{"not a record of a plan store"};
    const std::int64_t version = integer(json, "version");
    if (version > kRecordVersion)
      return Error{"a record of version " + std::to_string(version) + ", newer than " +
                   std::to_string(kRecordVersion)};
    return read_record(json);
  } catch (const Mistake& mistake) {
    return Error{"not as records are: " + mistake.message};
  }
}

std::optional<Int128> parse_int128(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  constexpr std::size_t kMostDigits = 38;  // any number of so many fits
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  Int128 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  return negative ? -value : value;
}

}  // namespace warpshard::store
