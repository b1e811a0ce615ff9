#pragma once

#include <fstream>
#include <mutex>
#include <string>

#include "host/cli/printer.h"
#include "host/cli/progress_log.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// Tells what happens in a run: as text or as JSON events on the printer, and every event in a
/// trace file if there is one. An event is an object on a line of its own; its member "event" is
/// "instance", "message", "progress", "memory", "cost" or "result". Callable from any thread.
class RunLog {
 public:
  /// Lines are JSON if `json`. An empty `trace` names no file.
  RunLog(Printer& printer, bool json, const std::string& trace);

  /// False if the trace could not be opened or written.
  bool written();

  /// Where the search stands, for a person who watches.
  const Standing& standing() const { return progress_log_.standing(); }

  void instance(const Problem& problem);
  void message(const std::string& text);
  void progress(const Progress& progress);
  /// What the run found; in the trace also what it uses over time, and costs by kind, beside what
  /// the cheapest strategies of all nodes would.
  void result(const Problem& problem, const SolverResult& result);

 private:
  void event(const std::string& json);
  void trace_plan(const char* what, const Problem& problem, const Plan& plan);
  void trace_cost(const char* what, const Problem& problem, const Plan& plan);
  void trace_memory(const char* what, const Problem& problem, const Plan& plan);

  Printer& printer_;
  bool json_;
  std::string trace_path_;
  std::mutex mutex_;  ///< guards what follows
  std::ofstream trace_;
  ProgressLog progress_log_;
};

}  // namespace warpshard::cli
