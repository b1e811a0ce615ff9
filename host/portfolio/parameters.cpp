#include "warpshard/parameters.h"

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <type_traits>
#include <utility>

namespace warpshard {
namespace {

/// What a number may be.
struct Range {
  double least = 0;
  double most = 1e18;
};
constexpr Range kPositive{1e-12, 1e18};
constexpr Range kCount{1, 1e15};
constexpr Range kShare{0, 1};
constexpr Range kGrowth{1, 1e6};

// visit(name, member, range) for every parameter of a part.

template <typename Visit>
void each(auto& p, Visit visit, const PortfolioParameters* /*part*/) {
  visit("first_slice", p.first_slice, kCount);
  visit("longest_slice", p.longest_slice, kCount);
  visit("slice_share", p.slice_share, kShare);
  visit("batch", p.batch, Range{1, 4096});
  visit("floor", p.floor, kPositive);
  visit("ceiling", p.ceiling, kPositive);
  visit("credit", p.credit, kShare);
  visit("latest", p.latest, kShare);
  visit("closed", p.closed, Range{1e-12, 1});
  visit("memory", p.memory, kPositive);
}

template <typename Visit>
void each(auto& p, Visit visit, const AscentParameters* /*part*/) {
  visit("weight", p.weight, kPositive);
  visit("idle_weight", p.idle_weight, kPositive);
  visit("first_level", p.first_level, kPositive);
  visit("first_rounds", p.first_rounds, kCount);
  visit("growth", p.growth, kGrowth);
  visit("lead_rounds", p.lead_rounds, kCount);
  visit("lead_work", p.lead_work, kPositive);
  visit("least_lead_rounds", p.least_lead_rounds, kCount);
  visit("most_rounds", p.most_rounds, kCount);
  visit("flat", p.flat, kShare);
  visit("shrinks", p.shrinks, kShare);
  visit("decoding_noise", p.decoding_noise, Range{});
}

template <typename Visit>
void each(auto& p, Visit visit, const QuenchParameters* /*part*/) {
  visit("visits", p.visits, kPositive);
  visit("early_visits", p.early_visits, kPositive);
  visit("raise", p.raise, kGrowth);
  visit("hasty_visits", p.hasty_visits, kPositive);
  visit("hasty_raise", p.hasty_raise, kGrowth);
  visit("overtime", p.overtime, Range{});
  visit("relaxations", p.relaxations, Range{0, 1e6});
  visit("relaxation", p.relaxation, kShare);
  visit("heat", p.heat, Range{});
  visit("cooling", p.cooling, kGrowth);
  visit("better", p.better, kShare);
}

template <typename Visit>
void each(auto& p, Visit visit, const DiveParameters* /*part*/) {
  visit("weight", p.weight, kPositive);
  visit("first_weight", p.first_weight, kPositive);
  visit("first", p.first, Range{});
  visit("hasty_rounds", p.hasty_rounds, kCount);
  visit("hasty_share", p.hasty_share, kShare);
  visit("first_rounds", p.first_rounds, kCount);
  visit("growth", p.growth, kGrowth);
  visit("first_share", p.first_share, kShare);
  visit("shrink", p.shrink, kShare);
  visit("renewal", p.renewal, kGrowth);
  visit("kinds", p.kinds, kCount);
  visit("noise", p.noise, Range{});
  visit("behind", p.behind, Range{});
  visit("behind_weight", p.behind_weight, kPositive);
  visit("first_polish", p.first_polish, kPositive);
  visit("polish_visits", p.polish_visits, kPositive);
}

template <typename Visit>
void each(auto& p, Visit visit, const DescentPolicy* /*part*/) {
  visit("fresh", p.fresh, Range{});
  visit("heat", p.heat, Range{});
  visit("cooling", p.cooling, kGrowth);
  visit("tolerance", p.tolerance, Range{});
  visit("free_share", p.free_share, kShare);
}

template <typename Visit>
void each(auto& p, Visit visit, const AnnealParameters* /*part*/) {
  visit("weight", p.weight, kPositive);
  visit("first_visits", p.first_visits, kPositive);
  visit("growth", p.growth, kGrowth);
  visit("most_visits", p.most_visits, kPositive);
  visit("following", p.following, kPositive);
  visit("epochs", p.epochs, kCount);
  visit("soft_share", p.soft_share, Range{1e-12, 1});
  visit("quench_visits", p.quench_visits, Range{});
  visit("policies", p.policies, Range{});
  visit("explore", p.explore, kShare);
  visit("recent", p.recent, kCount);
  visit("forget", p.forget, kShare);
}

template <typename Visit>
void each(auto& p, Visit visit, const TabuParameters* /*part*/) {
  visit("weight", p.weight, kPositive);
  visit("first_visits", p.first_visits, kPositive);
  visit("growth", p.growth, kGrowth);
  visit("most_visits", p.most_visits, kPositive);
  visit("epochs", p.epochs, kCount);
  visit("patience", p.patience, kCount);
}

template <typename Visit>
void each(auto& p, Visit visit, const NeighbourhoodParameters* /*part*/) {
  visit("weight", p.weight, kPositive);
  visit("first_size", p.first_size, kCount);
  visit("least_size", p.least_size, kCount);
  visit("most_size", p.most_size, kCount);
  visit("growth", p.growth, kGrowth);
  visit("shrink", p.shrink, kShare);
  visit("most_nodes", p.most_nodes, kCount);
  visit("first_rounds", p.first_rounds, kCount);
  visit("rounds", p.rounds, kCount);
  visit("nearly_full", p.nearly_full, kShare);
}

template <typename Visit>
void each(auto& p, Visit visit, const EliteParameters* /*part*/) {
  visit("room", p.room, Range{1, 4096});
  visit("apart", p.apart, kShare);
  visit("uncrossed", p.uncrossed, kCount);
}

template <typename Visit>
void each(auto& p, Visit visit, const ProveParameters* /*part*/) {
  visit("first_weight", p.first_weight, kPositive);
  visit("weight", p.weight, kPositive);
  visit("grown", p.grown, kPositive);
  visit("after_rounds", p.after_rounds, Range{});
  visit("small_model", p.small_model, Range{});
  visit("grown_tree", p.grown_tree, Range{});
  visit("much_smaller", p.much_smaller, Range{0, 1});
}

template <typename Visit>
void each(auto& p, Visit visit, const HintParameters* /*part*/) {
  visit("work", p.work, kCount);
}

template <typename Visit>
void each(auto& p, Visit visit, const ReduceParameters* /*part*/) {
  visit("patience", p.patience, Range{});
  visit("early_work", p.early_work, Range{});
}

template <typename Visit>
void each(auto& p, Visit visit, const ShrinkParameters* /*part*/) {
  visit("worthwhile", p.worthwhile, kShare);
}

template <typename Visit>
void each(auto& p, Visit visit, const Parameters* /*part*/) {
  visit("portfolio", p.portfolio, Range{});
  visit("ascent", p.ascent, Range{});
  visit("quench", p.quench, Range{});
  visit("dive", p.dive, Range{});
  visit("anneal", p.anneal, Range{});
  visit("tabu", p.tabu, Range{});
  visit("neighbourhood", p.neighbourhood, Range{});
  visit("elites", p.elites, Range{});
  visit("prove", p.prove, Range{});
  visit("hint", p.hint, Range{});
  visit("reduce", p.reduce, Range{});
  visit("shrink", p.shrink, Range{});
}

/// visit(name, member, range) for every member of `part`.
template <typename Part, typename Visit>
void for_each_member(Part& part, Visit visit) {
  each(part, visit, static_cast<const std::remove_const_t<Part>*>(nullptr));
}

template <typename T>
struct IsList : std::false_type {};
template <typename T>
struct IsList<std::vector<T>> : std::true_type {};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

/// Checks a member and all below it; the first fault is kept.
struct Check {
  std::optional<Error>& fault;

  template <typename T>
  void operator()(const std::string& path, const T& member, const Range& range) const {
    if constexpr (std::is_same_v<T, bool>) {
      return;
    } else if constexpr (std::is_arithmetic_v<T>) {
      const auto value = static_cast<double>(member);
      if (fault || (value >= range.least && value <= range.most)) return;
      fault = Error{path + " is " + number(value) + "; expected " + number(range.least) + " to " +
                    number(range.most)};
    } else if constexpr (IsList<T>::value) {
      if (member.empty() && !fault) fault = Error{path + " is empty"};
      for (std::size_t k = 0; k < member.size(); ++k)
        (*this)(path + "[" + std::to_string(k) + "]", member[k], range);
    } else {
      for_each_member(member, [&](const char* name, const auto& below, const Range& its_range) {
        (*this)(path.empty() ? name : path + "." + name, below, its_range);
      });
    }
  }
};

/// Writes a member as JSON.
struct Format {
  std::string& out;

  template <typename T>
  void operator()(const T& member, int depth) const {
    if constexpr (std::is_same_v<T, bool>) {
      out += member ? "true" : "false";
    } else if constexpr (std::is_arithmetic_v<T>) {
      out += number(static_cast<double>(member));
    } else if constexpr (IsList<T>::value) {
      out += "[";
      for (std::size_t k = 0; k < member.size(); ++k) {
        if (k > 0) out += ",";
        out += "\n" + std::string(2 * (depth + 1), ' ');
        (*this)(member[k], depth + 1);
      }
      out += "]";
    } else {
      const char* separator = "{";
      for_each_member(member, [&](const char* name, const auto& below, const Range& /*range*/) {
        out += separator;
        out += depth < 2 ? "\n" + std::string(2 * (depth + 1), ' ') : "";
        out += "\"" + std::string(name) + "\": ";
        (*this)(below, depth + 1);
        separator = depth < 2 ? "," : ", ";
      });
      out += depth < 2 ? "\n" + std::string(2 * depth, ' ') + "}" : "}";
    }
  }
};

/// Reads a member from JSON; the first fault is kept.
struct Parse {
  std::optional<Error>& fault;

  template <typename T>
  void operator()(const std::string& path, T& member, simdjson::dom::element json) const {
    if (fault) return;
    if constexpr (std::is_same_v<T, bool>) {
      if (json.get_bool().get(member) != simdjson::SUCCESS) expected(path, "true or false");
    } else if constexpr (std::is_arithmetic_v<T>) {
      double value = 0;
      if (json.get_double().get(value) != simdjson::SUCCESS) return expected(path, "a number");
      if (std::is_integral_v<T> && value != std::floor(value)) return expected(path, "an integer");
      member = static_cast<T>(value);
    } else if constexpr (IsList<T>::value) {
      simdjson::dom::array list;
      if (json.get_array().get(list) != simdjson::SUCCESS) return expected(path, "a list");
      member.clear();
      for (const auto element : list) {
        const std::string place = path + "[" + std::to_string(member.size()) + "]";
        (*this)(place, member.emplace_back(), element);
      }
    } else {
      read_object(path, member, json);
    }
  }

 private:
  template <typename T>
  void read_object(const std::string& path, T& member, simdjson::dom::element json) const {
    simdjson::dom::object object;
    if (json.get_object().get(object) != simdjson::SUCCESS) return expected(path, "an object");
    for (const auto& [key, value] : object) {
      const std::string place = path.empty() ? std::string(key) : path + "." + std::string(key);
      bool known = false;
      for_each_member(member, [&, key = key, value = value](const char* name, auto& below,
                                                            const Range& /*range*/) {
        if (key != name) return;
        known = true;
        (*this)(place, below, value);
      });
      if (!known && !fault) fault = Error{place + " is no parameter"};
    }
  }

  void expected(const std::string& path, const char* what) const {
    fault = Error{(path.empty() ? "the parameters" : path) + ": expected " + what};
  }
};

}  // namespace

std::optional<Error> validate(const Parameters& parameters) {
  std::optional<Error> fault;
  Check{fault}("", parameters, {});
  return fault;
}

Result<Parameters> parse_parameters(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (const auto error = parser.parse(json).get(document); error != simdjson::SUCCESS)
    return Error{std::string("the parameters are not JSON: ") + simdjson::error_message(error)};
  Parameters parameters;
  std::optional<Error> fault;
  Parse{fault}("", parameters, document);
  if (!fault) fault = validate(parameters);
  if (fault) return *fault;
  return parameters;
}

std::string format_parameters(const Parameters& parameters) {
  std::string text;
  Format{text}(parameters, 0);
  return text + "\n";
}

}  // namespace warpshard
