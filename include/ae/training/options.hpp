#pragma once

#include "ae/detail/core/abi.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ae/data/batch_sampler.hpp"
#include "ae/data/scaler.hpp"
#include "ae/linalg/precision.hpp"
#include "ae/training/schedule.hpp"

namespace ae::inline AE_ABI {

/// Writes a line to the standard error output.
/// ~~~{.cpp}
/// model.fit(x, {.warn = [](const std::string& text) { ae::print_warning("pump 3: " + text); }});
/// ~~~
void print_warning(const std::string& text);

/// The numbers of a fit, its schedule, scaling and callbacks: values that may change when a program
/// runs. What is chosen by its type is a `Part`.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 200, .batch_size = 100, .scaling = ae::Scaling::standard,
///               .validation_split = 0.1, .patience = 10});
/// ~~~
struct FitOptions {
  Index epochs = 100;
  Index batch_size = 150;
  double learning_rate = 1e-3;
  Schedule schedule = constant();
  /// How the model's scaler is fitted to the samples that are learnt from, unless the fit goes on
  /// with one that was stopped; if nothing, it stays what it is: none, or the one that was set.
  /// Weights that have learnt with another scaler must learn anew.
  std::optional<Scaling> scaling = {};
  Order order = Order::shuffled;
  BlockShuffle blocks = {};  ///< of `Order::blocks`
  /// Of the products: of the network forward and backward. Weights, moments, biases, losses and
  /// penalties are of the model's scalar in any case, and gradients need no scale, as bfloat16 has
  /// the range of float. For models of float; faster where the processor multiplies bfloat16
  /// (AVX512-BF16), slower elsewhere. Micikevicius et al., "Mixed precision training", ICLR 2018;
  /// Kalamkar et al., "A study of bfloat16 for deep learning training", arXiv 1905.12322.
  Precision precision = Precision::full;
  double ema_decay = 0;  ///< how much of the average of the weights a step keeps; 0: no average
  double validation_split = 0;  ///< share of the samples that is measured and not learnt from
  Index patience = 0;  ///< epochs to wait for a new low of the validation loss; 0: all of them
  std::vector<double> sample_weights = {};  ///< of the samples' losses; none: 1
  std::uint64_t seed = 0;
  bool resume = false;  ///< go on with the fit that was stopped, if one was
  std::vector<Callback> callbacks = {};
  /// Takes what a caller should know but need not, such as that unscaled data are far from 1; may
  /// be empty.
  std::function<void(const std::string&)> warn = print_warning;
};

/// Throws OptionError for an option outside its range.
/// ~~~{.cpp}
/// ae::require_valid(options, x.cols(), false);  // with no `Validation` beside them
/// ~~~
void require_valid(const FitOptions& options, Index samples, bool validated);

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/training/options-inl.hpp"
#endif
