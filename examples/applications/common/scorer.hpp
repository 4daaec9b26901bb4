#pragma once

#include <ae/autoencoder.hpp>
#include <vector>

#include "common/horses.hpp"
#include "common/stop.hpp"

/// The plain autoencoder of `anomaly` and `generate`, and how it tells horses from other pictures:
/// `anomaly` ranks with it, `generate` holds its samples against it. Pictures are 1024 x count,
/// 0..255.
namespace examples {

using Scorer = ae::StackedAutoencoder<>;

/// Sizes and options; the defaults are the scorer's own.
struct ScorerRecipe {
  std::vector<ae::Index> layers = {ae::Pictures::pixels, 300, 150};
  ae::Index batch_size = 150;
  double learning_rate = 0.002;
  double l2 = 1e-4;
};

/// Learns horses and their mirror images, as the network of this name.
Scorer train_scorer(const ae::Matrix<float>& horses, const CommonSettings& settings,
                    Networks& networks, const std::string& name, const ScorerRecipe& recipe = {});

/// Throws ae::FileError.
void save_scorer(const Scorer& scorer, const std::filesystem::path& path);

/// The pictures, a quarter turned.
ae::Matrix<float> turned(const ae::Matrix<float>& pictures);

/// How much worse a picture is given back than the same picture in its other three positions: its
/// error, divided by the mean error of a quarter, a half and three quarters turned. Horses stand on
/// their legs, so that theirs is below 1; contrast and detail, which rule the error alone, cancel.
std::vector<double> upright_scores(const Scorer& scorer, const ae::Matrix<float>& pictures);

}  // namespace examples
