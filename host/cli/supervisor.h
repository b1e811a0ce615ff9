#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <exception>
#include <functional>
#include <string>
#include <thread>

namespace warpshard::cli {

/// Brings a run to an orderly end: on a signal, when its time is over, and on std::terminate().
///
/// The signals are SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU and SIGXFSZ, less those that the
/// process was told to ignore. While it lives, they are blocked in the thread that made it and in
/// all threads that thread starts afterwards, and a thread of its own receives them. Make it before
/// other threads, and one at a time. Where no thread can be started, signals set stop() and nothing
/// abandons the run; a second one then kills the process.
class Supervisor {
 public:
  /// Called at most once, on the supervisor's thread, when the run can be waited for no longer:
  /// a signal came before begin_cooperation(), or the work did not heed stop(); or on a thread that
  /// ran into std::terminate(), a defect of the program. Has to end the process.
  using Abandon = std::function<void(const std::string& reason, bool is_defect)>;

  /// `stop_at`: when stop() is set at the latest; `give_up_at`: when the run is abandoned;
  /// `grace`: how long the work may take to return after a signal, whose sender waits.
  Supervisor(std::chrono::steady_clock::time_point stop_at,
             std::chrono::steady_clock::time_point give_up_at, Abandon abandon,
             std::chrono::milliseconds grace = std::chrono::milliseconds(700));
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Set once the work is to end.
  const std::atomic<bool>& stop() const { return stop_; }

  /// From here on the work watches stop(): the first signal sets it, and only a second one, or a
  /// grace period that runs out, abandons the run.
  void begin_cooperation() { cooperating_ = true; }

  /// The work is done: from here on the run is not abandoned, whatever comes. False if it has been
  /// already; the process is about to end then.
  bool conclude() { return !concluded_.exchange(true); }

 private:
  void take_signals();
  void watch();
  void do_without_thread();
  void on_signal(int signal);
  void abandon(const std::string& reason, bool is_defect = false);
  [[noreturn]] static void on_terminate();

  std::chrono::steady_clock::time_point stop_at_;
  std::chrono::steady_clock::time_point give_up_at_;
  Abandon abandon_;
  std::chrono::milliseconds grace_;
  bool signalled_ = false;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cooperating_{false};
  std::atomic<bool> concluded_{false};  ///< by conclude() or by abandoning
  std::atomic<bool> over_{false};       ///< the destructor waits for the thread
  sigset_t signals_{};                  ///< those that end the run
  sigset_t previous_mask_{};
  std::terminate_handler previous_terminate_ = nullptr;
  int signal_fd_ = -1;
  int wake_fd_ = -1;
  std::thread thread_;
};

}  // namespace warpshard::cli
