#include "host/cli/supervisor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>

namespace warpshard::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU, SIGXFSZ};

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

/// For handlers, which have nothing else to go by.
std::atomic<Supervisor*> g_supervisor{nullptr};         // NOLINT(readability-identifier-naming)
std::atomic<std::atomic<bool>*> g_stop{nullptr};        // NOLINT(readability-identifier-naming)
static_assert(std::atomic<bool>::is_always_lock_free);  // may be set by a signal handler

void set_stop(int /*signal*/) {
  if (auto* const stop = g_stop.load()) *stop = true;
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// What the exception says that nobody caught, if it is one.
std::string reason_to_terminate() {
  if (const auto exception = std::current_exception()) try {
      std::rethrow_exception(exception);
    } catch (const std::exception& known) {
      return known.what();
    } catch (...) {
    }
  return "std::terminate";
}

}  // namespace

Supervisor::Supervisor(steady_clock::time_point stop_at, steady_clock::time_point give_up_at,
                       Abandon abandon, std::chrono::milliseconds grace)
    : stop_at_(stop_at), give_up_at_(give_up_at), abandon_(std::move(abandon)), grace_(grace) {
  take_signals();
  g_supervisor = this;
  previous_terminate_ = std::set_terminate(on_terminate);
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {
    do_without_thread();
  }
}

Supervisor::~Supervisor() {
  over_ = true;
  g_stop = nullptr;
  const std::uint64_t one = 1;
  // Cannot fail: the counter of an eventfd written once does not overflow.
  [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  std::set_terminate(previous_terminate_);
  g_supervisor = nullptr;
  close(signal_fd_);
  close(wake_fd_);
  // What came for this thread alone, as SIGXFSZ does, has been told by the write that failed.
  const timespec no_wait{};
  while (sigtimedwait(&signals_, nullptr, &no_wait) > 0) continue;
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void Supervisor::take_signals() {
  sigemptyset(&signals_);
  for (const int signal : kSignals)
    if (!is_ignored(signal)) sigaddset(&signals_, signal);  // nohup ignores SIGHUP
  pthread_sigmask(SIG_BLOCK, &signals_, &previous_mask_);
  signal_fd_ = checked(signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  wake_fd_ = checked(eventfd(0, EFD_CLOEXEC), "eventfd");
}

void Supervisor::do_without_thread() {
  g_stop = &stop_;
  struct sigaction action {};
  action.sa_handler = set_stop;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  for (const int signal : kSignals)
    if (sigismember(&signals_, signal) == 1) sigaction(signal, &action, nullptr);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
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
  if (!cooperating_ || signalled_) return abandon(std::string("SIG") + sigabbrev_np(signal));
  signalled_ = true;
  stop_ = true;
  give_up_at_ = std::min(give_up_at_, steady_clock::now() + grace_);
}

void Supervisor::abandon(const std::string& reason, bool is_defect) {
  if (!concluded_.exchange(true)) abandon_(reason, is_defect);
}

void Supervisor::on_terminate() {
  constexpr unsigned kPatience = 2;  // seconds
  // This thread may hold what the rest needs, the printer for instance; then this is the end.
  alarm(kPatience);
  if (auto* const supervisor = g_supervisor.load()) {
    supervisor->abandon(reason_to_terminate(), /*is_defect=*/true);
    std::this_thread::sleep_for(std::chrono::seconds(1));  // another thread is printing
  }
  std::abort();
}

}  // namespace warpshard::cli
