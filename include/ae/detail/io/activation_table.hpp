#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/detail/io/int8_layer.hpp"

namespace ae::inline AE_ABI::detail {

/// An activation as its values at even distances from -range to range, and straight lines between
/// them. Beyond, it goes on as it does far from zero, as a line.
class ActivationTable {
 public:
  static constexpr float range = 8;

  /// Throws OptionError for an activation that is not finite there.
  template <class A>
  ActivationTable(const A& activation, int intervals) {
    Eigen::ArrayXf z(intervals + 5);
    z << Eigen::ArrayXf::LinSpaced(intervals + 1, -range, range), -2 * far, -far, far, 2 * far;
    for (int i = 0; i <= intervals; ++i) z[i] = -range + 2 * range * float(i) / float(intervals);
    const Eigen::ArrayXf y = activation.value(z);
    values_.assign(y.data(), y.data() + intervals + 1);
    const auto far_off = y.tail(4);
    below_ = (far_off[1] - far_off[0]) / far;
    above_ = (far_off[3] - far_off[2]) / far;
    require<OptionError>(y.isFinite().all(),
                         "export_header: expected an activation that can be a table, finite for z "
                         "from ",
                         -2 * far, " to ", 2 * far, ", found one that is not");
  }

  float operator()(float z) const {
    const auto intervals = static_cast<float>(values_.size() - 1);
    if (z < -range) return rounded(below_ * (z + range)) + values_.front();
    if (!(z < range)) return rounded(above_ * (z - range)) + values_.back();  // a NaN too
    const float place = rounded((z + range) * (intervals / (2 * range)));
    const auto i = std::min(static_cast<std::size_t>(place), values_.size() - 2);
    return rounded((place - static_cast<float>(i)) * (values_[i + 1] - values_[i])) + values_[i];
  }

  const std::vector<float>& values() const { return values_; }
  float below() const { return below_; }
  float above() const { return above_; }

 private:
  static constexpr float far = 1000;

  std::vector<float> values_;
  float below_ = 0, above_ = 0;  // slopes
};

/// True if an activation, as C++, calls functions of <cmath>.
inline bool needs_table(const std::string& expression) {
  return expression.find("std::") != std::string::npos;
}

}  // namespace ae::inline AE_ABI::detail
