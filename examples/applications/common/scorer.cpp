#include "common/scorer.hpp"

#include <ae/io/model_file.hpp>
#include <ae/tools/anomaly.hpp>

namespace examples {

Scorer train_scorer(const ae::Matrix<float>& horses, const CommonSettings& settings,
                    Networks& networks, const std::string& name, const ScorerRecipe& recipe) {
  Scorer scorer(recipe.layers, settings.seed);
  scorer.set_scaler(ae::Scaler<float>::fit(horses));
  networks.train(name, scorer, [&](bool resume, const auto& callbacks) {
    const ae::FitOptions options{.epochs = settings.epochs,
                                 .batch_size = recipe.batch_size,
                                 .learning_rate = recipe.learning_rate,
                                 .schedule = ae::cosine(0.05),
                                 .seed = settings.seed,
                                 .resume = resume,
                                 .callbacks = callbacks};
    return scorer.fit(horses, options, ae::L2{recipe.l2}, ae::RandomFlipAndShift{});
  });
  return scorer;
}

void save_scorer(const Scorer& scorer, const std::filesystem::path& path) {
  ae::save(scorer, path);
}

ae::Matrix<float> turned(const ae::Matrix<float>& pictures) {
  constexpr ae::Index side = ae::Pictures::side;
  using Picture = Eigen::Matrix<float, side, side>;
  ae::Matrix<float> result(pictures.rows(), pictures.cols());
  for (ae::Index i = 0; i < pictures.cols(); ++i) {
    Eigen::Map<Picture>(result.col(i).data()) =
        Eigen::Map<const Picture>(pictures.col(i).data()).transpose().colwise().reverse();
  }
  return result;
}

std::vector<double> upright_scores(const Scorer& scorer, const ae::Matrix<float>& pictures) {
  const ae::Vector<double> upright = ae::score(scorer, pictures);
  ae::Vector<double> others = ae::Vector<double>::Zero(upright.size());
  ae::Matrix<float> other = pictures;
  for (int quarter = 1; quarter < 4; ++quarter) {
    other = turned(other);
    others += ae::score(scorer, other) / 3;
  }
  const ae::Vector<double> ratios = upright.cwiseQuotient(others);
  return {ratios.begin(), ratios.end()};
}

}  // namespace examples
