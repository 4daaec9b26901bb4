// Draws horses that never were: by a variational autoencoder, and by a plain one whose codes follow
// a mixture of Gaussians. Then asks an autoencoder that knows horses whether they are some.

#include <cstdio>
#include <iostream>

#include "ae/models/mixture.hpp"
#include "ae/models/variational.hpp"
#include "ae/parts/augmentation.hpp"
#include "ae/tools/anomaly.hpp"
#include "horses.hpp"
#include "picture.hpp"
#include "scorer.hpp"

namespace {

namespace fs = std::filesystem;

using Pictures = ae::Matrix<float>;  // 1024 x count, 0..255
using Variational = ae::VariationalAutoencoder<>;
using Plain = ae::StackedAutoencoder<>;

struct Settings : examples::CommonSettings {
  std::vector<ae::Index> layers = {1024, 500, 250, 24};
  double sigma = 30;
  double beta = 1;
  ae::Index components = 20;
};

/// Medians of what the scorer says of pictures; see examples/scorer.hpp.
struct Judgement {
  const char* name;
  double error, upright;
};

Settings parse(int argc, char** argv) {
  Settings settings;
  settings.out = "out/generate";
  settings.epochs = 100;
  CLI::App app("Learns the horses of CIFAR-10, and draws new ones.");
  examples::add_common_options(app, settings);
  app.add_option("--layers", settings.layers, "sizes from the input to the code")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--sigma", settings.sigma, "deviation of a pixel, 0..255: the more, the smoother")
      ->capture_default_str();
  app.add_option("--beta", settings.beta, "weight of the divergence of the codes")
      ->capture_default_str();
  app.add_option("--components", settings.components,
                 "of the mixture of the plain autoencoder's codes")
      ->capture_default_str();
  examples::parse(app, argc, argv);
  return settings;
}

/// Learns horses and their mirror images.
template <class Model, ae::Part... Parts>
Model train(Model model, const Pictures& horses, const Settings& settings, const Parts&... parts) {
  model.set_scaler(ae::Scaler<float>::fit(horses));
  const ae::FitOptions options{.epochs = settings.epochs,
                               .batch_size = 100,
                               .learning_rate = 0.001,
                               .schedule = ae::cosine(0.05),
                               .seed = settings.seed,
                               .callbacks = examples::bar_on_terminal()};
  model.fit(horses, options, ae::RandomFlipAndShift{}, parts...);
  return model;
}

/// From one horse to another, a row for each pair: the horse, the way between their codes, the
/// other horse.
void write_interpolations(const fs::path& path, const Variational& model, const Pictures& horses) {
  constexpr ae::Index steps = 8, columns = steps + 2;
  const ae::Index rows = std::min<ae::Index>(6, horses.cols() / 2);
  Pictures sheet(horses.rows(), rows * columns);
  for (ae::Index i = 0; i < rows; ++i) {
    const auto a = horses.col(2 * i), b = horses.col(2 * i + 1);
    sheet.middleCols(i * columns, columns) << a, model.interpolate(a, b, steps), b;
  }
  examples::write_sheet(path, sheet, {.columns = columns, .zoom = 3, .gap = 6});
}

void write_samples(const fs::path& path, const Pictures& samples) {
  const ae::Index count = std::min<ae::Index>(50, samples.cols());
  examples::write_sheet(path, samples.leftCols(count), {.columns = 10, .zoom = 3, .gap = 6});
}

Judgement judge(const char* name, const examples::Scorer& scorer, const Pictures& pictures) {
  return {.name = name,
          .error = ae::quantile(ae::score(scorer, pictures), 0.5),
          .upright = ae::quantile(examples::upright_scores(scorer, pictures), 0.5)};
}

void write_summary(const Settings& settings, const ae::Evidence& evidence,
                   const std::vector<Judgement>& judgements, bool synthetic, int threads) {
  std::string json = ae::detail::text(
      "{\n  \"epochs\": ", settings.epochs, ",\n  \"seed\": ", settings.seed,
      ",\n  \"threads\": ", threads, ",\n  \"synthetic\": ", synthetic ? "true" : "false",
      ",\n  \"code_size\": ", settings.layers.back(), ",\n  \"sigma\": ", settings.sigma,
      ",\n  \"beta\": ", settings.beta, ",\n  \"test_log_likelihood\": ", evidence.log_likelihood,
      ",\n  \"test_divergence\": ", evidence.divergence,
      ",\n  \"test_lower_bound\": ", evidence.lower_bound());
  for (const Judgement& one : judgements) {
    json += ae::detail::text(",\n  \"median_error_of_", one.name, "\": ", one.error,
                             ",\n  \"median_upright_of_", one.name, "\": ", one.upright);
  }
  ae::write_file(settings.out / "summary.json", json + "\n}\n");
}

void run(const Settings& settings) {
  ae::detail::require<ae::OptionError>(
      settings.layers.front() == ae::Pictures::pixels, "--layers: expected ", ae::Pictures::pixels,
      " first, the pixels of a picture, found ", settings.layers.front());
  const int threads = examples::use_threads(settings.threads);
  fs::create_directories(settings.out);
  const examples::Horses horses = examples::load_horses(settings.data, settings.out, settings.seed);
  const Pictures learnt = horses.train.matrix(), test = horses.test.matrix();

  const Variational model = train(
      Variational(settings.layers, ae::GaussianLikelihood{.sigma = settings.sigma}, settings.seed),
      learnt, settings, ae::GaussianKl{.weight = settings.beta, .warmup = 0.2});
  const ae::Evidence evidence = model.evidence(test, settings.seed);
  std::printf(
      "evidence lower bound of the test horses: %.1f nats a picture\n"
      "  log-likelihood %.1f, divergence of the codes %.1f\n",
      evidence.lower_bound(), evidence.log_likelihood, evidence.divergence);
  const Pictures samples = model.sample(1000, settings.seed);
  write_samples(settings.out / "samples.png", samples);
  write_interpolations(settings.out / "interpolations.png", model, test);

  const Plain plain = train(Plain(settings.layers, settings.seed), learnt, settings);
  const auto codes = ae::GaussianMixture<>::fit(
      plain.encode(learnt), {.components = settings.components, .seed = settings.seed});
  const Pictures mixed = plain.decode(codes.sample(1000, settings.seed));
  write_samples(settings.out / "mixture.png", mixed);

  const examples::Scorer scorer = examples::train_scorer(learnt, settings);
  const std::vector<Judgement> judgements = {judge("test_horses", scorer, test),
                                             judge("samples", scorer, samples),
                                             judge("mixture", scorer, mixed)};
  std::printf("medians of the scorer       error  upright\n");
  for (const Judgement& one : judgements) {
    std::printf("  %-22s %8.1f %8.3f\n", one.name, one.error, one.upright);
  }
  write_summary(settings, evidence, judgements, horses.synthetic, threads);
  std::cout << "pictures and figures are in " << settings.out.string() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run_program("generate", [&] {
    run(parse(argc, argv));
    return 0;
  });
}
