#include "host/cli/svg_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace warpshard::cli {
namespace {

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 512> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

/// Of the drawing in pixels: the whole, and what axes and labels take.
constexpr double kWidth = 640;
constexpr double kHeight = 260;
constexpr double kLeft = 84;
constexpr double kRight = 12;
constexpr double kTop = 30;
constexpr double kBottom = 40;
constexpr std::size_t kMostPoints = 600;

struct Range {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();

  void include(double value) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  bool empty() const { return most < least; }
  /// From 0 at `least` to 1 at `most`.
  double share(double value) const { return most > least ? (value - least) / (most - least) : 0.5; }
  void widen(double part) {
    const double by = most > least ? part * (most - least) : std::max(1.0, std::abs(most) * part);
    least -= by;
    most += by;
  }
};

/// An axis of time that has passed; goes on a little, so that the last value is seen to hold.
Range elapsed(Range times) {
  constexpr double kHold = 0.06;
  times.least = 0;
  times.most *= 1 + kHold;
  return times;
}

/// Thinned to what can be seen: of each stretch the point of greatest value.
std::vector<std::pair<double, double>> thinned(const StepSeries& series) {
  const auto& points = series.points;
  if (points.size() <= kMostPoints) return points;
  std::vector<std::pair<double, double>> kept;
  for (std::size_t stretch = 0; stretch < kMostPoints; ++stretch) {
    const auto begin =
        points.begin() + static_cast<std::ptrdiff_t>(stretch * points.size() / kMostPoints);
    const auto end =
        points.begin() + static_cast<std::ptrdiff_t>((stretch + 1) * points.size() / kMostPoints);
    const auto top = std::max_element(
        begin, end, [](const auto& a, const auto& b) { return a.second < b.second; });
    kept.emplace_back(begin->first, top->second);
  }
  kept.emplace_back(points.back());
  return kept;
}

std::string path_of(const StepSeries& series, const Range& xs, const Range& ys, double left,
                    double top, double width, double height) {
  std::string path;
  for (const auto& [x, y] : thinned(series)) {
    const double across = left + width * xs.share(x);
    const double down = top + height * (1 - ys.share(y));
    path += path.empty() ? formatted("M%.1f %.1f", across, down)
                         : formatted("H%.1fV%.1f", across, down);
  }
  // The last value holds to the end; that also shows a series of a single point.
  if (!path.empty()) path += formatted("H%.1f", left + width);
  return path;
}

/// A round step so that a handful of them cover the range; large enough to be seen in the sum.
double tick_step(const Range& range) {
  constexpr double kTicks = 5;
  constexpr double kSeen = 1e-12;
  const double rough = std::max((range.most - range.least) / kTicks,
                                kSeen * std::max(std::abs(range.least), std::abs(range.most)));
  if (!(rough > 0)) return 1;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (rough <= factor * power) return factor * power;
  return 10 * power;
}

std::string tick_label(double value) {
  constexpr double kPlain = 1e6;
  return std::abs(value) < kPlain
             ? formatted("%.6g", value)
             : formatted("%.5ge%d", value / std::pow(10.0, std::floor(std::log10(std::abs(value)))),
                         static_cast<int>(std::floor(std::log10(std::abs(value)))));
}

std::string axes(const StepChart& chart, const Range& xs, const Range& ys) {
  std::string svg;
  const double width = kWidth - kLeft - kRight;
  const double height = kHeight - kTop - kBottom;
  for (double step = tick_step(ys), y = std::ceil(ys.least / step) * step; y <= ys.most;
       y += step) {
    const double down = kTop + height * (1 - ys.share(y));
    svg += formatted("<line class=grid x1=%.1f x2=%.1f y1=%.1f y2=%.1f />", kLeft, kLeft + width,
                     down, down);
    svg += formatted("<text x=%.1f y=%.1f text-anchor=end>%s</text>", kLeft - 6, down + 4,
                     tick_label(y).c_str());
  }
  for (double step = tick_step(xs), x = std::ceil(xs.least / step) * step; x <= xs.most; x += step)
    svg += formatted("<text x=%.1f y=%.1f text-anchor=middle>%s</text>",
                     kLeft + width * xs.share(x), kTop + height + 16, tick_label(x).c_str());
  svg += formatted("<text x=%.1f y=%.1f text-anchor=middle>", kLeft + width / 2, kHeight - 6) +
         escaped_html(chart.x_label) + "</text>";
  svg += formatted("<text class=title x=%.1f y=16>", kLeft) + escaped_html(chart.title) + "</text>";
  return svg;
}

std::string legend(const StepChart& chart) {
  constexpr double kPerCharacter = 7;
  std::string svg;
  double right = kWidth - kRight;
  for (auto series = chart.series.rbegin(); series != chart.series.rend(); ++series) {
    svg += formatted("<text x=%.1f y=16 text-anchor=end fill='%s'>", right, series->color.c_str()) +
           escaped_html(series->label) + "</text>";
    right -= kPerCharacter * static_cast<double>(series->label.size()) + 14;
  }
  return svg;
}

}  // namespace

std::string escaped_html(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return result;
}

std::string svg_of(const StepChart& chart) {
  Range xs;
  Range ys;
  for (const StepSeries& series : chart.series)
    for (const auto& [x, y] : series.points) {
      xs.include(x);
      ys.include(y);
    }
  if (xs.empty()) return {};
  if (chart.limit) ys.include(*chart.limit);
  ys.widen(0.05);
  if (chart.from_zero) ys.least = 0;
  if (chart.elapsed) xs = elapsed(xs);
  if (!(xs.most > xs.least)) xs.most = xs.least + 1;
  const double width = kWidth - kLeft - kRight;
  const double height = kHeight - kTop - kBottom;
  std::string svg = formatted("<svg class=chart viewBox='0 0 %.0f %.0f'>", kWidth, kHeight);
  svg += axes(chart, xs, ys) + legend(chart);
  if (chart.limit) {
    const double down = kTop + height * (1 - ys.share(*chart.limit));
    svg += formatted("<line class=limit x1=%.1f x2=%.1f y1=%.1f y2=%.1f />", kLeft, kLeft + width,
                     down, down);
  }
  for (const StepSeries& series : chart.series)
    svg += std::string("<path ") + (series.dashed ? "class=dashed " : "") + "stroke='" +
           series.color + "' d='" + path_of(series, xs, ys, kLeft, kTop, width, height) + "'/>";
  return svg + "</svg>";
}

std::string sparkline(const StepSeries& series) {
  constexpr double kSparkWidth = 90;
  constexpr double kSparkHeight = 20;
  Range xs;
  Range ys;
  for (const auto& [x, y] : series.points) {
    xs.include(x);
    ys.include(y);
  }
  if (xs.empty()) return {};
  xs = elapsed(xs);
  return formatted("<svg class=spark viewBox='0 0 %.0f %.0f'>", kSparkWidth, kSparkHeight) +
         "<path stroke='" + series.color + "' d='" +
         path_of(series, xs, ys, 1, 2, kSparkWidth - 2, kSparkHeight - 4) + "'/></svg>";
}

}  // namespace warpshard::cli
