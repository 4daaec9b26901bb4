#pragma once

#include "support/contest.hpp"
#ifdef BENCH_TORCH
#include "torch_model.hpp"
#endif

namespace bench {

/// A contest that libtorch may enter, where it is installed.
inline Contest torch_contest(const Options& options) {
#ifdef BENCH_TORCH
  Environment about = environment();
  about.emplace_back("libtorch", TorchModel::version());
  Contest contest(options, about);
  contest.on_threads(TorchModel::set_threads);
  return contest;
#else
  return Contest(options);
#endif
}

}  // namespace bench
