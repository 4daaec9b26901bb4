#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "ae/detail/training/fit_job.hpp"

/// What must be the same on all processes that train together, as names and values to compare.
namespace ae::inline AE_ABI::detail::mpi {

using Facts = std::vector<std::pair<std::string, std::string>>;

/// What the parts make of some numbers: parts of other types or strengths make other ones.
template <class Scalar>
std::string behaviour(TrainingParts<Scalar>& parts) {
  std::array<Scalar, 4> gradient{Scalar(0.5), Scalar(-0.25), Scalar(1), Scalar(0.125)};
  std::array<Scalar, 4> weight{Scalar(1), Scalar(-2), Scalar(0.5), Scalar(-0.25)};
  std::array<Scalar, 4> first{}, second{}, slope{};
  const auto view = [](std::array<Scalar, 4>& of) {
    return linalg::View<Scalar>(of.data(), 4, 1, Eigen::OuterStride<>(4));
  };
  const auto read = [&](std::array<Scalar, 4>& of) {
    return linalg::ConstView<Scalar>(of.data(), 4, 1, Eigen::OuterStride<>(4));
  };
  std::string all = text(parts.weight_penalty(read(weight)));
  for (Index step = 1; step <= 2; ++step) {
    parts.begin_step(0.125, step, Scalar(0.75));
    parts.update(
        true,
        {4, 1, {gradient.data(), 4}, {weight.data(), 4}, {{first.data(), 4}, {second.data(), 4}}});
    gradient[0] = Scalar(-2);
  }
  Scalar loss = 0;
  const Scalar one = 1;
  std::array<Scalar, 4> output{Scalar(0.25), Scalar(3), Scalar(-1.5), Scalar(0)}, target{};
  parts.loss(read(output), read(target), &one, view(slope), &loss, 1);
  all += text(' ', loss);
  for (const auto& some : {weight, first, second, slope}) {
    for (const Scalar number : some) all += text(' ', number);
  }
  const auto& present = parts.present;
  if (present.activity_penalty) {
    std::array<Scalar, 4> codes{Scalar(0.5), Scalar(0.25), Scalar(0.75), Scalar(0.125)};
    all += text(' ', parts.activity_penalty(read(codes), 0.5));
  }
  if (present.dropout)
    all += text(" d", present.dropout->probability, present.dropout->whole_batch ? 'b' : 's');
  if (present.clipping) all += text(" c", present.clipping->norm, ' ', present.clipping->value);
  for (const bool there : {present.corruption, present.tied_weights, present.activity_penalty,
                           present.reparameterization, present.contractive}) {
    all += there ? " 1" : " 0";
  }
  return all;
}

template <class Scalar>
Facts facts_of(const FitJob<Scalar>& job) {
  const FitOptions& options = job.options;
  std::string layers;
  for (const auto& layer : job.network.layers) {
    layers += text(layers.empty() ? "" : ", ", shape(layer.outputs, layer.inputs), ' ', layer.name);
  }
  Facts facts{{"bytes of a number", text(sizeof(Scalar))},
              {"layers", layers},
              {"features of the samples", text(job.data.features())},
              {"epochs", text(options.epochs)},
              {"batch_size", text(options.batch_size)},
              {"learning_rate", text(options.learning_rate)},
              {"scaling", options.scaling ? text(static_cast<int>(*options.scaling)) : "none"},
              {"order", text(static_cast<int>(options.order))},
              {"blocks", text(options.blocks.samples, " in windows of ", options.blocks.window)},
              {"precision", options.precision == Precision::bfloat16 ? "bfloat16" : "full"},
              {"ema_decay", text(options.ema_decay)},
              {"validation_split", text(options.validation_split)},
              {"validation data", job.validation ? "some" : "none"},
              {"patience", text(options.patience)},
              {"seed", text(options.seed)},
              {"resume", options.resume ? "true" : "false"},
              {"parts that behave as", behaviour(*job.parts)}};
  if (job.peers->has_whole_data()) {
    facts.emplace_back("samples", text(job.data.samples()));
    facts.emplace_back("sample_weights", text(options.sample_weights.size()));
  }
  return facts;
}

/// A line a fact.
inline std::string joined(const Facts& facts) {
  std::string all;
  for (const auto& [name, value] : facts) all += text(name, '\t', value, '\n');
  return all;
}

/// Throws OptionError for the first fact that is not the same in the lines of rank 0.
inline void require_same(const Facts& mine, std::string_view lines) {
  for (const auto& [name, value] : mine) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const std::string_view expected = line.substr(std::min(line.size(), name.size() + 1));
    require<OptionError>(line == text(name, '\t', value), "fit: expected ", name, ' ', expected,
                         " as on rank 0, found ", value);
  }
}

}  // namespace ae::inline AE_ABI::detail::mpi
