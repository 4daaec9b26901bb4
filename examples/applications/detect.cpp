// Learns what the rows of a table are like when all is well, and says which rows of others are not,
// and why. Without a table it draws one: a plant of 24 sensors.

#include <unistd.h>

#include <ae/core/file.hpp>
#ifdef EXAMPLES_GZIP
#include <ae/data/gzip.hpp>
#endif
#include <ae/tools/threshold.hpp>
#include <ae/training/callbacks.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>

#include "common/application.hpp"
#include "common/svg.hpp"
#include "detect/messages.hpp"
#include "detect/options.hpp"
#include "detect/plant.hpp"
#include "detect/report.hpp"
#include "detect/watch.hpp"

namespace {

namespace fs = std::filesystem;
using ae::Index;
using examples::Json;
using Settings = examples::DetectSettings;

constexpr double default_false_alarms = 0.01;

/// To be called before the work whose outcome goes there. Throws ae::FileError.
void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw ae::FileError(folder.string() + ": cannot be made a folder: " + error.message());
  }
  if (access(folder.c_str(), W_OK) != 0) {
    throw ae::FileError(folder.string() + ": expected a folder that can be written to");
  }
}

/// Throws ae::OptionError where what is written would take the place of what is read.
void require_other_file(const fs::path& out, const fs::path& in) {
  std::error_code error;
  if (fs::equivalent(out, in, error)) {
    throw ae::OptionError("--out: expected another file than those that are read, found " +
                          out.string());
  }
}

/// Throws ae::FileError.
void require_rows(const ae::Table& table, const Settings& settings) {
  constexpr Index least = 10;
  const Index odd = table.anomalies().count(), normal = table.samples() - odd;
  if (normal >= least) return;
  throw ae::FileError(settings.table.string() + ": expected at least " + std::to_string(least) +
                      " normal rows to learn from, found " + std::to_string(normal) +
                      (odd > 0 ? " beside " + std::to_string(odd) + " labelled as anomalies" : ""));
}

ae::Detector fit(const ae::Table& table, const Settings& settings, const fs::path& folder,
                 std::ostream& out) {
  require_rows(table, settings);
  make_folder(folder);
  const fs::path file = folder / "model.safetensors";
  require_other_file(file, settings.table);
  const double rate = settings.false_alarms.value_or(default_false_alarms);
  std::vector<ae::Callback> callbacks;
  if (isatty(STDERR_FILENO)) callbacks.emplace_back(ae::ProgressBar(std::cerr));
  const auto start = std::chrono::steady_clock::now();
  auto detector = ae::Detector::fit(
      table, {.false_alarms = rate, .seed = settings.seed, .callbacks = callbacks});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  detector.save(file);
  examples::report_fit(detector, table, rate, out, folder,
                       {{"command", "fit"},
                        {"table", settings.table.string()},
                        {"seed", settings.seed},
                        {"seconds", seconds.count()}});
  out << "the model is in " << file.string() << ", its figures beside it\n";
  return detector;
}

ae::TextFile open_table(const fs::path& path) {
#ifdef EXAMPLES_GZIP
  return ae::gzip::file(path);
#else
  return path;
#endif
}

/// Throws ae::OptionError for a rate that is lower than the rows that were held out can tell.
void require_told(double rate, const ae::Detector& detector) {
  const Index held_out = detector.clean_scores().size();
  const double lowest = 1 / (static_cast<double>(held_out) + 1);
  if (rate >= lowest) return;
  throw ae::OptionError("--false-alarms: expected at least " + examples::shown(lowest, 3) +
                        ", as the model held out " + std::to_string(held_out) + " rows, found " +
                        examples::shown(rate, 3) + "; fitted to more rows, it holds out more");
}

/// That of a file, with the threshold for the rate of false alarms that was asked for.
ae::Detector load(const Settings& settings) {
  const auto read = [&] {
    try {
      return ae::Detector::load(settings.model);
    } catch (const ae::FileError& error) {
      if (!fs::exists(settings.model)) throw;
      throw ae::FileError(settings.model.string() +
                          ": expected a model, as `detect fit` writes it (the model comes before "
                          "the table), found another file or a damaged one (" +
                          error.what() + ')');
    }
  };
  ae::Detector detector = read();
  if (!detector.schema()) {
    throw ae::FileError(settings.model.string() +
                        ": expected a detector that knows the columns of its tables, as `detect "
                        "fit` writes it, found one of nothing but numbers");
  }
  if (settings.false_alarms) {
    require_told(*settings.false_alarms, detector);
    detector.set_threshold(
        ae::alarm_threshold(detector.clean_scores(), *settings.false_alarms).threshold);
  }
  return detector;
}

/// That of the detector, in the format that was asked for.
ae::TableFormat format_of(const ae::Detector& detector, const Settings& settings) {
  ae::TableFormat format = detector.schema()->format();
  const ae::TableFormat& wanted = settings.schema.format;
  if (wanted.separator) format.separator = wanted.separator;
  if (settings.decimal) format.decimal = *settings.decimal;
  if (wanted.comment) format.comment = wanted.comment;
  if (!wanted.normal_labels.empty()) format.normal_labels = wanted.normal_labels;
  format.missing_marks.insert(format.missing_marks.end(), wanted.missing_marks.begin(),
                              wanted.missing_marks.end());
  return format;
}

/// The same with the column of labels that was asked for.
ae::Schema schema_of(const ae::Detector& detector, const Settings& settings) {
  const ae::Schema& known = *detector.schema();
  std::vector<ae::Column> columns = known.columns();
  if (!settings.schema.label.empty()) {
    for (ae::Column& column : columns) {
      if (column.kind == ae::ColumnKind::label) column.kind = ae::ColumnKind::ignored;
    }
    auto at = std::ranges::find(columns, settings.schema.label, &ae::Column::name);
    if (at == columns.end())
      at = columns.insert(at, {.name = settings.schema.label, .kind = ae::ColumnKind::ignored});
    if (at->features() > 0) {
      throw ae::OptionError("--label: expected a column that the model does not score, found \"" +
                            settings.schema.label + "\", which is one of its features");
    }
    at->kind = ae::ColumnKind::label;
    at->time_format = ae::TimeFormat::either;
  }
  return {columns, known.has_names(), format_of(detector, settings)};
}

std::vector<examples::Verdict> judge_all(const ae::Detector& detector,
                                         const ae::Matrix<double>& rows) {
  constexpr Index many = 8192;
  const bool terminal = isatty(STDERR_FILENO) && rows.cols() > 4 * many;
  std::vector<examples::Verdict> all;
  for (Index first = 0; first < rows.cols(); first += many) {
    const Index count = std::min(many, rows.cols() - first);
    const auto some =
        examples::judge(detector, rows.middleCols(first, count), examples::Explained::all);
    all.insert(all.end(), some.begin(), some.end());
    if (terminal) std::cerr << '\r' << all.size() << " of " << rows.cols() << " rows";
  }
  if (terminal) std::cerr << "\r\033[K";
  return all;
}

void write_verdicts(const ae::Detector& detector, const std::vector<examples::Verdict>& verdicts,
                    const fs::path& out) {
  const std::vector<std::string> columns = detector.schema()->feature_columns();
  std::string text = examples::verdict_columns;
  Index row = 0;
  for (const auto& verdict : verdicts) examples::append_line(text, ++row, verdict, columns);
  if (!out.empty()) {
    ae::write_file(text, out);
  } else if (!std::cout.write(text.data(), std::ssize(text)).flush()) {
    throw ae::FileError("standard output: cannot be written");
  }
}

std::vector<examples::Verdict> score(const ae::Detector& detector, const ae::Table& table,
                                     const Settings& settings, std::ostream& out) {
  require_other_file(settings.out, settings.table);
  require_other_file(settings.out, settings.model);
  fs::path folder = settings.report;
  if (folder.empty() && !settings.out.empty()) {
    folder = settings.out.parent_path() / settings.out.stem();
    if (folder == settings.out) folder += ".report";
  }
  if (settings.out.has_parent_path()) make_folder(settings.out.parent_path());
  if (!folder.empty()) make_folder(folder);
  examples::Scored scored{table, judge_all(detector, table.values)};
  write_verdicts(detector, scored.verdicts, settings.out);
  examples::report_score(detector, scored, out, folder,
                         {{"command", "score"},
                          {"model", settings.model.string()},
                          {"table", settings.table.string()}});
  if (!settings.out.empty()) out << "the verdicts are in " << settings.out.string() << '\n';
  if (!folder.empty()) out << "pictures and figures are in " << folder.string() << '\n';
  return std::move(scored.verdicts);
}

/// How much of each fault was found, and where the detector says that it is.
void print_faults(const examples::Plant& plant, const ae::Detector& detector,
                  const std::vector<examples::Verdict>& verdicts) {
  const std::vector<std::string> names = detector.schema()->feature_columns();
  std::printf("\n%-20s %-24s %8s %8s   %s\n", "fault", "sensor", "readings", "found",
              "sensor that the detector names, of the readings found");
  for (const examples::PlantFault& fault : plant.faults) {
    std::vector<std::size_t> named(names.size());
    std::size_t found = 0;
    for (const Index reading : fault.when) {
      const auto& verdict = verdicts[static_cast<std::size_t>(reading)];
      if (!verdict.anomaly) continue;
      ++found;
      if (verdict.columns[0] >= 0) ++named[static_cast<std::size_t>(verdict.columns[0])];
    }
    const auto most = std::ranges::max_element(named);
    const std::string name = found == 0 ? "" : names[std::size_t(most - named.begin())];
    std::printf("%-20s %-24s %8zu %8zu   %s (%zu)\n", fault.name.c_str(), fault.sensor.c_str(),
                fault.when.size(), found, name.c_str(), *most);
  }
}

int demo(Settings settings) {
  constexpr Index readings = 14'400;  // a hundred days
  const fs::path folder = settings.out.empty() ? "out/plant" : settings.out;
  const fs::path normal = folder / "normal.csv", faulty = folder / "new.csv";
  make_folder(folder);
  examples::require_plant(normal);
  examples::require_plant(faulty);
  const examples::Plant plant = examples::draw_faulty_plant(settings.seed);
  examples::write_plant(normal, examples::draw_plant(readings, settings.seed));
  examples::write_plant(faulty, plant);
  std::cout << "no table was given, so this is a plant of 24 sensors that the program draws\n";

  settings.table = normal;
  const auto detector = fit(ae::Table::read(normal), settings, folder, std::cout);
  std::cout << '\n';
  settings.model = folder / "model.safetensors";
  settings.table = faulty;
  settings.out = folder / "scores.csv";
  settings.schema.label = "state";
  const auto verdicts =
      score(detector, ae::Table::read(faulty, schema_of(detector, settings)), settings, std::cout);
  print_faults(plant, detector, verdicts);

  const std::string model = settings.model.string(), table = faulty.string();
  std::cout << "\ntry it:\n  detect fit " << normal.string() << "\n  detect score " << model << ' '
            << table << " --label state --out scores.csv\n  detect explain " << model << ' '
            << table << " --ignore-unknown --row " << plant.faults[2].when[9] + 1
            << "\n  detect watch " << model << " --ignore-unknown <" << table << '\n';
  return 0;
}

int run(const Settings& settings) {
  using enum examples::DetectCommand;
  const ae::TableOptions options{.ignore_unknown = settings.ignore_unknown};
  switch (settings.command) {
    case fit: {
      const fs::path folder = settings.out.empty() ? "out/detect" : settings.out;
      ae::SchemaOptions schema = settings.schema;
      schema.format.decimal = settings.decimal.value_or('.');
      ::fit(ae::Table::read(open_table(settings.table), schema), settings, folder, std::cout);
      return 0;
    }
    case score: {
      const ae::Detector detector = load(settings);
      const auto table =
          ae::Table::read(open_table(settings.table), schema_of(detector, settings), options);
      if (!settings.schema.label.empty() && table.labels.empty()) {
        throw ae::OptionError("--label: expected a column of " + settings.table.string() +
                              ", found \"" + settings.schema.label + "\", which is none of them");
      }
      ::score(detector, table, settings, settings.out.empty() ? std::cerr : std::cout);
      return 0;
    }
    case watch: {
      const ae::Detector detector = load(settings);
      examples::watch(detector, schema_of(detector, settings), STDIN_FILENO, std::cout, options);
      return 0;
    }
    case explain: {
      const ae::Detector detector = load(settings);
      const auto table =
          ae::Table::read(open_table(settings.table), schema_of(detector, settings), options);
      if (settings.row > table.samples()) {
        throw ae::OptionError("--row: expected one of the " + std::to_string(table.samples()) +
                              " rows of " + settings.table.string() + ", found " +
                              std::to_string(settings.row));
      }
      examples::report_row(detector, table, settings.row - 1, settings.columns, std::cout);
      return 0;
    }
    case demo:
      break;
  }
  return ::demo(settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  return examples::run_program(
      argc, argv,
      {"detect", "Learns a table of normal rows, and says which rows of others are odd, and why."},
      [&](CLI::App& app) { examples::add_detect_options(app, settings); },
      [&] {
        try {
          return run(settings);
        } catch (const ae::Error& error) {
          throw ae::Error(examples::with_own_options(error.what()));
        }
      });
}
