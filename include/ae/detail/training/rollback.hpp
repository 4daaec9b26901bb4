#pragma once

#include <optional>
#include <tuple>

#include "ae/detail/training/state.hpp"

namespace ae::detail {

/// The latest state of a network and its training that is known to be sound, to go back to.
template <class Network>
class Rollback {
 public:
  using State = TrainingState<typename Network::Scalar>;

  Rollback(Network& network, State& state) : network_(network), state_(state) {}

  bool empty() const { return !kept_; }

  void keep() {
    if (kept_) {
      *kept_ = std::tie(network_, state_);
    } else {
      kept_.emplace(network_, state_);
    }
    // Room for the history to grow, so that the next copies allocate nothing.
    std::get<State>(*kept_).fit.history.reserve(state_.fit.history.capacity());
  }

  /// Does nothing if nothing was kept.
  void go_back() {
    if (kept_) std::tie(network_, state_) = *kept_;
  }

 private:
  Network& network_;
  State& state_;
  std::optional<std::tuple<Network, State>> kept_;
};

}  // namespace ae::detail
