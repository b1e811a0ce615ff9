#include "host/cli/tune_view.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/cli/format.h"

namespace warpshard::cli {
namespace {

using tune::TunedInstance;
using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kRedraw{500};

std::string file_name(const TunedInstance& instance) {
  return std::filesystem::path(instance.file).filename().string();
}

std::string state_of(const TunedInstance& instance) {
  if (!instance.error.empty()) return "skipped";
  if (instance.infeasible) return "infeasible";
  if (instance.settled) return "settled";
  if (instance.running) return "running";
  return instance.standing.aside ? "elsewhere" : "waiting";
}

std::string gap_of(const TunedInstance& instance) {
  const auto gap =
      instance.cost && instance.bound ? describe_gap(*instance.cost, *instance.bound) : "";
  return gap.empty() ? "-" : gap;
}

std::string row(const TunedInstance& instance) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), "%-10s %20s %20s %9s %10s  %s",
                state_of(instance).c_str(), instance.cost ? describe(*instance.cost).c_str() : "-",
                instance.bound ? describe(*instance.bound).c_str() : "-", gap_of(instance).c_str(),
                describe_time(instance.standing.seconds).c_str(), file_name(instance).c_str());
  return text.data();
}

std::string header() {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), "%-10s %20s %20s %9s %10s  %s", "", "cost", "bound",
                "gap", "spent", "file");
  return text.data();
}

Json cost_json(const std::optional<Cost>& cost) {
  if (!cost) return nullptr;
  return {{"forbidden", cost->forbidden}, {"finite", to_string(cost->finite)}};
}

void print_json(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

winsize terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return {24, 80, 0, 0};
  return size;
}

/// What to show where not all fit: what runs, then what is open with the widest gap, then the rest.
std::vector<const TunedInstance*> by_interest(const std::vector<TunedInstance>& instances) {
  std::vector<const TunedInstance*> order;
  for (const TunedInstance& instance : instances) order.push_back(&instance);
  std::ranges::stable_sort(order, {}, [](const TunedInstance* instance) {
    const bool done = instance->settled || !instance->error.empty();
    return std::tuple(!instance->running, done, -instance->standing.gap);
  });
  return order;
}

}  // namespace

TuneView::TuneView(const tune::Tuner& tuner, bool json, bool alone)
    : tuner_(tuner), json_(json), on_terminal_(!json && alone && isatty(STDOUT_FILENO) == 1) {}

void TuneView::slice(const TunedInstance& instance) {
  if (json_) {
    print_json({{"event", "slice"},
                {"file", instance.file},
                {"key", instance.key},
                {"state", state_of(instance)},
                {"error", instance.error},
                {"cost", cost_json(instance.cost)},
                {"bound", cost_json(instance.bound)},
                {"seconds", instance.last_seconds},
                {"spent", instance.standing.seconds},
                {"threads", instance.threads}});
    return;
  }
  if (!instance.error.empty()) {
    erase();
    std::fprintf(stderr, "# skipped %s\n", instance.error.c_str());
  }
  if (on_terminal_) return;
  std::printf("%s\n", row(instance).c_str());
  std::fflush(stdout);
}

void TuneView::fault(const StoreFault& fault) {
  erase();
  std::fprintf(stderr, "# %s%s%s\n", fault.path.c_str(), fault.path.empty() ? "" : ": ",
               fault.reason.c_str());
}

void TuneView::tick() {
  const auto now = std::chrono::steady_clock::now();
  if (!on_terminal_ || now - drawn_ < kRedraw) return;
  drawn_ = now;
  draw();
}

void TuneView::erase() {
  if (lines_ > 0) std::printf("\033[%dA\033[J", lines_);
  lines_ = 0;
}

void TuneView::draw() {
  const winsize size = terminal_size();
  erase();
  const auto put = [&](const std::string& line) {
    std::printf("%s\n", line.substr(0, size.ws_col - 1).c_str());
    ++lines_;
  };
  put(header());
  constexpr int kMargin = 3;
  for (const TunedInstance* instance : by_interest(tuner_.instances())) {
    if (lines_ + kMargin > size.ws_row) break;
    put(row(*instance));
  }
  const auto settled = std::ranges::count_if(tuner_.instances(), &TunedInstance::settled);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  put(std::to_string(settled) + " of " + std::to_string(tuner_.instances().size()) +
      " settled after" + describe_time(seconds));
  std::fflush(stdout);
}

void TuneView::finish(bool finished, std::int64_t unwritten) {
  const auto count = [&](auto which) {
    return static_cast<long long>(std::ranges::count_if(tuner_.instances(), which));
  };
  const auto settled = count(&TunedInstance::settled);
  const auto skipped = count([](const TunedInstance& instance) { return !instance.error.empty(); });
  if (json_) {
    print_json({{"event", "end"},
                {"finished", finished},
                {"settled", settled},
                {"skipped", skipped},
                {"unwritten", unwritten}});
    return;
  }
  if (on_terminal_) draw();
  std::printf("%s: %lld of %zu instances settled, %lld skipped\n",
              finished ? "finished" : "unfinished", settled, tuner_.instances().size(), skipped);
  if (unwritten > 0)
    std::fprintf(stderr, "# the store did not take %lld records; they are lost\n",
                 static_cast<long long>(unwritten));
}

}  // namespace warpshard::cli
