// Learns horses and nothing else, and then says which pictures are none: what it gives back badly.

#include <ae/core/file.hpp>
#include <ae/models/mixture.hpp>
#include <ae/tools/anomaly.hpp>
#include <cstdio>
#include <iostream>
#include <numeric>

#include "common/horses.hpp"
#include "common/picture.hpp"
#include "common/scorer.hpp"

namespace {

namespace fs = std::filesystem;

using Pictures = ae::Matrix<float>;  // 1024 x count, 0..255
using Values = std::vector<double>;

constexpr std::array<const char*, 10> classes = {
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};

struct Settings : examples::CommonSettings {
  double level = 0.95;
};

/// One way to score: what it gives the held-out horses, which set the threshold, and the test set.
struct Score {
  const char* name;
  Values clean, test;
  double threshold = 0;
};

/// Which test pictures show something.
struct Group {
  const char* name;
  std::vector<std::size_t> members;
};

struct Groups {
  Group horses;
  std::vector<Group> others;  // class by class; the last are all of them
};

void add_options(CLI::App& app, Settings& settings) {
  app.add_option("--level", settings.level, "share of clean horses below the threshold")
      ->check(examples::from_to(0, 1))
      ->capture_default_str();
  examples::add_resume(app, settings);
}

/// The mean squared error of each picture.
Values error_scores(const examples::Scorer& scorer, const Pictures& x) {
  const ae::Vector<double> scores = ae::score(scorer, x);
  return {scores.begin(), scores.end()};
}

/// The error, in shares of the picture's variance (that of an even gray counts as 1).
Values relative_scores(const examples::Scorer& scorer, const Pictures& x) {
  Values result = error_scores(scorer, x);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto pixels = x.col(static_cast<ae::Index>(i)).array();
    result[i] /= static_cast<double>((pixels - pixels.mean()).square().mean()) + 1;
  }
  return result;
}

/// How unlikely the code is, in nats.
Values code_scores(const examples::Scorer& scorer, const ae::GaussianMixture<>& codes,
                   const Pictures& x) {
  const ae::Vector<double> unlikely = -codes.log_likelihood(scorer.encode(x));
  return {unlikely.begin(), unlikely.end()};
}

std::vector<Score> score_all(const examples::Scorer& scorer, const Pictures& train,
                             const Pictures& clean, const Pictures& test, double level) {
  const auto codes = ae::GaussianMixture<>::fit(scorer.encode(train));
  std::vector<Score> all = {
      {"error", error_scores(scorer, clean), error_scores(scorer, test)},
      {"relative", relative_scores(scorer, clean), relative_scores(scorer, test)},
      {"code", code_scores(scorer, codes, clean), code_scores(scorer, codes, test)},
      {"upright", examples::upright_scores(scorer, clean), examples::upright_scores(scorer, test)}};
  for (Score& score : all) score.threshold = ae::quantile(score.clean, level);
  return all;
}

Groups group(const ae::Pictures& test) {
  std::vector<Group> found;
  for (const char* name : classes) found.push_back({name, {}});
  Group all{"all of these", {}};
  for (ae::Index i = 0; i < test.samples(); ++i) {
    const int label = test.label(i);
    found[static_cast<std::size_t>(label)].members.push_back(static_cast<std::size_t>(i));
    if (label != ae::cifar10::horse) all.members.push_back(static_cast<std::size_t>(i));
  }
  if (all.members.empty()) {
    throw ae::FileError("expected test pictures of other things than horses, found none");
  }
  Groups groups{.horses = found[ae::cifar10::horse], .others = {}};
  found[ae::cifar10::horse].members.clear();
  found.push_back(all);
  std::erase_if(found, [](const Group& one) { return one.members.empty(); });
  groups.others = std::move(found);
  return groups;
}

Values of(const Group& group, const Values& values) {
  Values result;
  for (const std::size_t member : group.members) result.push_back(values[member]);
  return result;
}

double area(const Score& score, const Groups& groups, const Group& other) {
  return ae::area_under_curve(of(groups.horses, score.test), of(other, score.test));
}

double share_above(const Score& score, const Group& group) {
  const Values values = of(group, score.test);
  const auto above = std::count_if(values.begin(), values.end(),
                                   [&](double value) { return value > score.threshold; });
  return static_cast<double>(above) / static_cast<double>(values.size());
}

std::string row(const char* name, const std::vector<Score>& scores, auto&& number) {
  std::string text = "| " + std::string(name) + " |";
  for (const Score& score : scores) {
    char cell[32];
    std::snprintf(cell, sizeof cell, " %.3f |", number(score));
    text += cell;
  }
  return text + '\n';
}

/// In Markdown: a column for each score; a row for each class, and two for the thresholds.
std::string table(const std::vector<Score>& scores, const Groups& groups) {
  std::string text = "| horses against |", line = "| --- |";
  for (const Score& score : scores) {
    text += ' ' + std::string(score.name) + " |";
    line += " --- |";
  }
  text += '\n' + line + '\n';
  for (const Group& other : groups.others) {
    text += row(other.name, scores, [&](const Score& s) { return area(s, groups, other); });
  }
  text += row("horses above the threshold", scores,
              [&](const Score& s) { return share_above(s, groups.horses); });
  return text + row("others above it", scores,
                    [&](const Score& s) { return share_above(s, groups.others.back()); });
}

/// The picked test pictures, what the scorer makes of them, and where it errs: the darker, the
/// more.
void write_ranked(const fs::path& path, const examples::Scorer& scorer, const Pictures& test,
                  std::span<const ae::Index> picks) {
  const auto count = static_cast<ae::Index>(picks.size());
  Pictures x(test.rows(), count), sheet(test.rows(), 3 * count);
  for (ae::Index i = 0; i < count; ++i) x.col(i) = test.col(picks[static_cast<std::size_t>(i)]);
  const Pictures darkness = 3 * ae::feature_errors(scorer, x).cwiseSqrt();
  sheet << x, scorer.reconstruct(x), (255 - darkness.array()).matrix();
  examples::write_sheet(path, sheet, {.columns = count, .zoom = 3, .gap = 6});
}

void write_pictures(const fs::path& out, const examples::Scorer& scorer, const Pictures& test,
                    const Values& score) {
  std::vector<ae::Index> order(score.size());
  std::iota(order.begin(), order.end(), ae::Index{0});
  std::stable_sort(order.begin(), order.end(), [&](ae::Index a, ae::Index b) {
    return score[static_cast<std::size_t>(a)] < score[static_cast<std::size_t>(b)];
  });
  const std::size_t count = std::min<std::size_t>(12, order.size());
  write_ranked(out / "most_normal.png", scorer, test, std::span(order).first(count));
  std::reverse(order.begin(), order.end());
  write_ranked(out / "most_anomalous.png", scorer, test, std::span(order).first(count));
}

/// Horses upside down, as from a camera that was turned: how many of them are above the threshold,
/// after each pass over such pictures; the threshold stays.
Values follow(examples::Scorer scorer, const Pictures& stream, const Pictures& test,
              double threshold) {
  constexpr ae::Index batch = 150, passes = 4;
  const auto flagged = [&] {
    const Values values = examples::upright_scores(scorer, test);
    return static_cast<double>(std::count_if(values.begin(), values.end(),
                                             [&](double value) { return value > threshold; })) /
           static_cast<double>(values.size());
  };
  Values shares = {flagged()};
  for (ae::Index pass = 0; pass < passes; ++pass) {
    for (ae::Index first = 0; first < stream.cols(); first += batch) {
      scorer.partial_fit(stream.middleCols(first, std::min(batch, stream.cols() - first)), 5e-4);
    }
    shares.push_back(flagged());
  }
  return shares;
}

void summarise(const Settings& settings, const std::vector<Score>& scores, const Groups& groups,
               const Values& drift, examples::Json& summary) {
  summary["level"] = settings.level;
  for (const Score& score : scores) {
    examples::Json& figures = summary["scores"][score.name];
    figures = {{"threshold", score.threshold},
               {"horses_above", share_above(score, groups.horses)},
               {"others_above", share_above(score, groups.others.back())}};
    for (const Group& other : groups.others) {
      const bool all = &other == &groups.others.back();
      figures["auc_" + std::string(all ? "all" : other.name)] = area(score, groups, other);
    }
  }
  summary["upside_down_above"] = drift;
}

int run(const examples::Horses& horses, const Settings& settings, examples::Json& summary) {
  const Groups groups = group(horses.whole_test);
  const Pictures all = horses.train.matrix(), test = horses.whole_test.matrix();
  const ae::Index aside = (all.cols() + 9) / 10;
  const Pictures train = all.leftCols(all.cols() - aside), clean = all.rightCols(aside);

  examples::Networks networks(settings.out, {"model"}, settings.resume);
  examples::Scorer scorer = examples::train_scorer(train, settings, networks, "model");
  const std::vector<Score> scores = score_all(scorer, train, clean, test, settings.level);
  const std::string areas = table(scores, groups);
  std::cout << "area under the ROC curve (0.5: chance), and shares above the threshold that "
            << settings.level << " of " << aside << " held-out horses stay below\n"
            << areas;
  ae::write_file(areas, settings.out / "table.md");

  const Score& upright = scores.back();
  ae::calibrate(scorer, clean, settings.level);  // of the error, as ae::anomalies asks for it
  examples::save_scorer(scorer, networks.file("model"));
  write_pictures(settings.out, scorer, test, upright.test);
  const auto upside_down = [](const Pictures& x) { return examples::turned(examples::turned(x)); };
  const Values drift =
      follow(scorer, upside_down(train), upside_down(horses.test.matrix()), upright.threshold);
  std::printf("horses upside down above the threshold: %.3f; after learning from a stream of them:",
              drift.front());
  for (std::size_t i = 1; i < drift.size(); ++i) std::printf(" %.3f", drift[i]);
  std::printf("\n");
  summarise(settings, scores, groups, drift, summary);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings{{.out = "out/anomaly", .epochs = 100}};
  return examples::run_on_horses(
      argc, argv,
      {"anomaly",
       "Learns the horses of CIFAR-10, and finds the pictures that show something else."},
      settings, [&](CLI::App& app) { add_options(app, settings); },
      [&](const auto& horses, auto& summary) { return run(horses, settings, summary); });
}
