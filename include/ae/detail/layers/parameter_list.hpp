#pragma once

#include "ae/detail/core/abi.hpp"

#include <vector>

#include "ae/layers/parameter.hpp"

namespace ae::inline AE_ABI::detail {

/// What there is one of for every parameter of a network, layer by layer.
template <class P>
class ParameterList {
 public:
  Index layers() const { return static_cast<Index>(ends_.size()); }
  Index count(Index layer) const { return first(layer + 1) - first(layer); }

  P& operator()(Index layer, Index p) { return all_[static_cast<std::size_t>(first(layer) + p)]; }
  const P& operator()(Index layer, Index p) const {
    return all_[static_cast<std::size_t>(first(layer) + p)];
  }

  /// The next parameter of the layer that is being listed; `end_layer` begins another.
  void add(const P& parameter) { all_.push_back(parameter); }
  void end_layer() { ends_.push_back(static_cast<Index>(all_.size())); }

 private:
  Index first(Index layer) const {
    return layer == 0 ? 0 : ends_[static_cast<std::size_t>(layer) - 1];
  }

  std::vector<P> all_;
  std::vector<Index> ends_;  // of every layer
};

/// Calls f(layer, p) for every parameter.
template <class P, class F>
void for_each_place(const ParameterList<P>& list, const F& f) {
  for (Index i = 0; i < list.layers(); ++i) {
    for (Index p = 0; p < list.count(i); ++p) f(i, p);
  }
}

}  // namespace ae::inline AE_ABI::detail
