// A denoising autoencoder: it is shown windows of horses with noise on them, afresh in every step,
// and learns to give the clean ones back. Then it glides over noisy horses that it has never seen.

#include <ae/autoencoder.hpp>
#include <ae/data/metrics.hpp>
#include <ae/models/pca.hpp>
#include <cstdio>

#include "common/horses.hpp"
#include "common/picture.hpp"
#include "common/stop.hpp"
#include "common/windows.hpp"

namespace {

using ae::Index;
using Pictures = ae::Matrix<float>;

/// The code is wider than the window: it is the noise that keeps the network from copying.
using Model = ae::StackedAutoencoder<float, ae::Stack<float, ae::Gelu>>;
constexpr Index side = 8;
const std::vector<Index> layers = {side * side, 256, 256};

struct Settings : examples::CommonSettings {
  double sigma = 25;
  Index windows = 100;
};

/// Means over pictures.
struct Figures {
  double psnr, ssim;
};

/// A way to clean pictures, and what it makes of the test horses.
struct Cleaned {
  Pictures pictures;
  Figures figures;
  Index components = 0;
};

void add_options(CLI::App& app, Settings& settings) {
  app.add_option("--sigma", settings.sigma, "deviation of the noise, in gray levels of 255")
      ->check(examples::from_to(1, 255))
      ->capture_default_str();
  examples::add_resume(app, settings);
  app.add_option("--windows", settings.windows, "windows of a picture to learn from")
      ->check(examples::from_to(1, 625))
      ->capture_default_str();
}

Pictures with_noise(Pictures pictures, const Settings& settings, std::uint32_t stream) {
  const ae::Random random(settings.seed, ae::Purpose::draw, stream);
  ae::GaussianNoise{settings.sigma}.corrupt(pictures, random, 0);
  return pictures;
}

Figures measure(const Pictures& pictures, const Pictures& clean) {
  return {ae::psnr(pictures, clean, 255).mean(),
          ae::ssim(pictures, clean, ae::Pictures::side, 255).mean()};
}

ae::History train(Model& model, const Pictures& horses, const Settings& settings) {
  const examples::Windows windows(horses, side, settings.windows, settings.seed);
  model.set_scaler(ae::Scaler<float>::fit(windows));
  examples::Networks networks(settings.out, {"model"}, settings.resume);
  return networks.train("model", model, [&](bool resume, const auto& callbacks) {
    return model.fit(windows,
                     {.epochs = settings.epochs,
                      .batch_size = 150,
                      .learning_rate = 3e-3,
                      .schedule = ae::cosine(0.05),
                      .seed = settings.seed,
                      .resume = resume,
                      .callbacks = callbacks},
                     ae::AdamW{.decay = 1e-3}, ae::GaussianNoise{settings.sigma},
                     ae::RandomFlipAndShift{side});
  });
}

/// PCA as a denoiser, with as many components as clean noisy training horses best;
/// `clean(pictures, components)`.
Cleaned clean_by_pca(const Pictures& noisy, const Pictures& test, const Pictures& noisy_train,
                     const Pictures& train, Index most, const auto& clean) {
  Cleaned result{};
  double best = 0;
  for (Index components = 1; components <= most; components += std::max<Index>(1, most / 100)) {
    const double psnr = ae::psnr(clean(noisy_train, components), train, 255).mean();
    if (psnr <= best) continue;
    best = psnr;
    result.components = components;
  }
  result.pictures = clean(noisy, result.components);
  result.figures = measure(result.pictures, test);
  return result;
}

struct Result {
  Figures noisy;
  Cleaned network, pca, window_pca;
};

Result compare(const Model& model, const Pictures& train, const Pictures& test,
               const Pictures& noisy, const Settings& settings) {
  const Pictures some = train.leftCols(std::min<Index>(200, train.cols()));
  const Pictures noisy_some = with_noise(some, settings, 1);
  const auto pca = ae::Pca<>::fit(train, ae::Pictures::pixels);
  const auto window_pca =
      ae::Pca<>::fit(examples::Windows(train, side, settings.windows, settings.seed), side * side);

  Result result{};
  result.noisy = measure(noisy, test);
  result.network.pictures =
      examples::glide(noisy, side, [&](const Pictures& x) { return model.reconstruct(x); });
  result.network.figures = measure(result.network.pictures, test);
  result.pca = clean_by_pca(
      noisy, test, noisy_some, some, ae::Pictures::pixels,
      [&](const Pictures& x, Index components) { return pca.first(components).reconstruct(x); });
  result.window_pca = clean_by_pca(
      noisy, test, noisy_some, some, side * side, [&](const Pictures& x, Index components) {
        const auto kept = window_pca.first(components);
        return examples::glide(x, side,
                               [&](const Pictures& windows) { return kept.reconstruct(windows); });
      });
  return result;
}

void print(const Result& result) {
  const auto line = [](const std::string& what, const Figures& figures) {
    std::printf("%-46s %6.2f dB  SSIM %.3f\n", what.c_str(), figures.psnr, figures.ssim);
  };
  const auto pca_line = [&](const std::string& what, const Cleaned& pca) {
    line("PCA of " + what + ", " + std::to_string(pca.components) + " components", pca.figures);
  };
  line("noisy test horses", result.noisy);
  pca_line("pictures", result.pca);
  pca_line("the same windows", result.window_pca);
  line("this network", result.network.figures);
}

void write_pictures(const Result& result, const Pictures& test, const Pictures& noisy,
                    const std::filesystem::path& out) {
  const Index columns = std::min<Index>(10, test.cols());
  Pictures sheet(test.rows(), 3 * columns);
  sheet << noisy.leftCols(columns), result.network.pictures.leftCols(columns),
      test.leftCols(columns);
  examples::write_sheet(out / "denoised.png", sheet, {.columns = columns});
}

void summarise(const Result& result, const ae::History& history, const Settings& settings,
               examples::Json& summary) {
  const auto add = [&](const std::string& name, const Figures& found) {
    summary[name + "_psnr"] = found.psnr;
    summary[name + "_ssim"] = found.ssim;
  };
  summary["windows_of_a_picture"] = settings.windows;
  summary["sigma"] = settings.sigma;
  add("noisy", result.noisy);
  add("network", result.network.figures);
  add("pca", result.pca.figures);
  summary["pca_components"] = result.pca.components;
  add("window_pca", result.window_pca.figures);
  summary["window_pca_components"] = result.window_pca.components;
  summary["train_seconds"] = history.back().seconds;
}

int run(const examples::Horses& data, const Settings& settings, examples::Json& summary) {
  const Pictures horses = data.train.matrix(), test = data.test.matrix();
  const Pictures noisy = with_noise(test, settings, 0);

  Model model(layers, settings.seed, ae::HeNormal{});
  const ae::History history = train(model, horses, settings);

  const Result result = compare(model, horses, test, noisy, settings);
  print(result);
  write_pictures(result, test, noisy, settings.out);
  summarise(result, history, settings, summary);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings{{.out = "out/denoise", .epochs = 6}};
  return examples::run_on_horses(
      argc, argv,
      {"denoise", "Trains a denoising autoencoder on windows of the horses of CIFAR-10."}, settings,
      [&](CLI::App& app) { add_options(app, settings); },
      [&](const auto& horses, auto& summary) { return run(horses, settings, summary); });
}
