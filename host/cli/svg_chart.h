#pragma once

#include <optional>
#include <string>
#include <vector>

namespace warpshard::cli {

/// A line of a chart: a value that holds from its x until the next one's.
struct StepSeries {
  std::string label;
  std::string color;  ///< as CSS writes it
  std::vector<std::pair<double, double>> points;
  bool dashed = false;
};

struct StepChart {
  std::string title;
  std::string x_label;
  std::vector<StepSeries> series;
  std::optional<double> limit;  ///< a dashed line across
  bool from_zero = false;       ///< the y axis begins at 0
  bool elapsed = false;         ///< x is time that has passed, from 0
};

/// An SVG element for an HTML page; empty if there is nothing to draw. Series of more points than
/// can be seen are drawn by the greatest value of each stretch.
std::string svg_of(const StepChart& chart);

/// The same without axes, over time that has passed, as small as a word.
std::string sparkline(const StepSeries& series);

/// Text as HTML shows it.
std::string escaped_html(const std::string& text);

}  // namespace warpshard::cli
