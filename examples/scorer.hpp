#pragma once

#include <vector>

#include "ae/autoencoder.hpp"
#include "horses.hpp"

/// An autoencoder that tells horses from other pictures, which `anomaly` ranks with and `generate`
/// holds its samples against. Pictures are 1024 x count, 0..255.
namespace examples {

using Scorer = ae::StackedAutoencoder<>;

/// Learns horses and their mirror images; progress goes to the terminal.
Scorer train_scorer(const ae::Matrix<float>& horses, const CommonSettings& settings);

/// The pictures, a quarter turned.
ae::Matrix<float> turned(const ae::Matrix<float>& pictures);

/// How much worse a picture is given back than the same picture in its other three positions: its
/// error, divided by the mean error of a quarter, a half and three quarters turned. Horses stand on
/// their legs, so that theirs is below 1; contrast and detail, which rule the error alone, cancel.
std::vector<double> upright_scores(const Scorer& scorer, const ae::Matrix<float>& pictures);

}  // namespace examples
