#include "host/cli/supervisor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace warpshard::cli {
namespace {

using std::chrono::steady_clock;

/// Milliseconds until `time`, rounded up, for poll(2).
int milliseconds_until(steady_clock::time_point time) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - steady_clock::now());
  constexpr std::int64_t kLongestWait = 3'600'000;
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLongestWait));
}

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

}  // namespace

Supervisor::Supervisor(steady_clock::time_point stop_at, steady_clock::time_point give_up_at,
                       Abandon abandon, std::chrono::milliseconds grace)
    : stop_at_(stop_at), give_up_at_(give_up_at), abandon_(std::move(abandon)), grace_(grace) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &previous_mask_);
  signal_fd_ = checked(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  wake_fd_ = checked(eventfd(0, EFD_CLOEXEC), "eventfd");
  thread_ = std::thread([this] { watch(); });
}

Supervisor::~Supervisor() {
  over_ = true;
  const std::uint64_t one = 1;
  // Cannot fail: the counter of an eventfd written once does not overflow.
  [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
  thread_.join();
  close(signal_fd_);
  close(wake_fd_);
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void Supervisor::watch() {
  while (!over_) {
    const auto now = steady_clock::now();
    if (now >= stop_at_) stop_ = true;
    if (now >= give_up_at_ && !concluded_) abandon("the time is over");
    auto next = steady_clock::time_point::max();
    if (!concluded_) next = stop_ ? give_up_at_ : std::min(stop_at_, give_up_at_);

    std::array<pollfd, 2> sources{{{signal_fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}}};
    if (poll(sources.data(), sources.size(), milliseconds_until(next)) <= 0) continue;
    signalfd_siginfo info{};
    if (read(signal_fd_, &info, sizeof info) == sizeof info)
      on_signal(static_cast<int>(info.ssi_signo));
  }
}

void Supervisor::on_signal(int signal) {
  const std::string name = signal == SIGINT ? "SIGINT" : "SIGTERM";
  if (!cooperating_ || signalled_) return abandon(name);
  signalled_ = true;
  stop_ = true;
  give_up_at_ = std::min(give_up_at_, steady_clock::now() + grace_);
}

void Supervisor::abandon(const std::string& reason) {
  if (!concluded_.exchange(true)) abandon_(reason);
}

}  // namespace warpshard::cli
