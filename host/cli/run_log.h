#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "host/cli/printer.h"
#include "host/cli/progress_log.h"
#include "host/io/output_file.h"
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

  /// What went wrong with the trace, if anything did.
  std::optional<Error> failure();

  /// Ends the trace, which has its name only then; what went wrong, if anything did.
  std::optional<Error> finish();

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
  void trace(const std::string& json);
  void trace_plan(const char* what, const Problem& problem, const Plan& plan);
  void trace_cost(const char* what, const Problem& problem, const Plan& plan);
  void trace_memory(const char* what, const Problem& problem, const Plan& plan);

  Printer& printer_;
  bool json_;
  std::mutex mutex_;                     ///< guards what follows
  std::optional<io::OutputFile> trace_;  ///< if there is one
  std::optional<Error> trace_failure_;
  ProgressLog progress_log_;
};

}  // namespace warpshard::cli
