#include "host/cli/store_option.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace warpshard::cli {

CLI::Option* add_store_option(CLI::App& app, std::string& store) {
  return app
      .add_option("--store", store,
                  "folder with plans; more that are only read may follow: DIR:DIR:...")
      ->envname("WARPSHARD_STORE")
      ->type_name("DIR");
}

void report_faults(const std::vector<StoreFault>& faults) {
  for (const StoreFault& fault : faults)
    std::fprintf(stderr, "# skipped %s: %s\n", fault.path.c_str(), fault.reason.c_str());
}

}  // namespace warpshard::cli
