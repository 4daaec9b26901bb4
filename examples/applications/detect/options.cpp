#include "detect/options.hpp"

namespace examples {
namespace {

void add_list(CLI::App& app, const std::string& name, const std::string& what,
              const std::function<void(const std::string&)>& each) {
  app.add_option_function<std::vector<std::string>>(
         name,
         [each](const std::vector<std::string>& names) {
           for (const std::string& one : names) each(one);
         },
         what)
      ->delimiter(',');
}

CLI::Validator one_character() {
  return {[](std::string& text) {
            return text.size() == 1 ? std::string() : "expected one character, found " + text;
          },
          "CHARACTER"};
}

void add_label(CLI::App& app, DetectSettings& settings) {
  app.add_option("--label", settings.schema.label, "column that says which rows are anomalies");
  app.add_option("--normal", settings.schema.format.normal_labels,
                 "what it says of normal rows (default: 0, false, no, normal, benign, ok, good)")
      ->delimiter(',');
}

void add_false_alarms(CLI::App& app, DetectSettings& settings, const std::string& what) {
  app.add_option("--false-alarms", settings.false_alarms, what)->check(from_to(1e-9, 0.999999));
}

/// How the text of a table is read.
void add_format(CLI::App& app, DetectSettings& settings, bool of_model) {
  const auto add_sign = [&](const std::string& name, std::optional<char>& sign,
                            const std::string& what, const std::string& otherwise) {
    return app.add_option_function<std::string>(
        name, [&sign](const std::string& text) { sign = text == "tab" ? '\t' : text.front(); },
        what + " (default: " + (of_model ? "as in the model's table" : otherwise) + ')');
  };
  add_sign("--separator", settings.schema.format.separator, "what is between fields: , ; | or tab",
           "found in the file")
      ->check(CLI::IsMember({",", ";", "tab", "|"}));
  add_sign("--decimal", settings.decimal, "mark before decimals, . or ,", ".")
      ->check(CLI::IsMember({".", ","}));
  add_sign("--comment", settings.schema.format.comment,
           "character that begins lines which are left out", "none")
      ->check(one_character());
  app.add_option("--missing", settings.schema.format.missing_marks,
                 of_model ? "more texts that mean a missing value"
                          : "texts that mean a missing value, beside the usual ones")
      ->delimiter(',');
}

/// What all have that read a table for a model.
void add_new_table(CLI::App& app, DetectSettings& settings) {
  app.add_option("MODEL", settings.model, "file that `detect fit` wrote")->required();
  add_format(app, settings, true);
  app.add_flag("--ignore-unknown", settings.ignore_unknown,
               "leave out columns that the model does not know");
}

void add_fit(CLI::App& app, DetectSettings& settings) {
  app.add_option("TRAIN.csv", settings.table, "table of normal rows; may be gzipped")->required();
  add_label(app, settings);
  app.get_option("--normal")->needs("--label");
  app.add_option("--ignore", settings.schema.ignored, "columns to be left out")->delimiter(',');
  add_list(app, "--categorical", "columns whose numbers only name kinds",
           [&](const auto& name) { settings.schema.kinds[name] = ae::ColumnKind::categorical; });
  app.add_option_function<std::string>(
      "--time", [&](const auto& name) { settings.schema.kinds[name] = ae::ColumnKind::time; },
      "column of moments, if they are seconds since 1970 or several columns have dates");
  auto* const header = app.add_flag_callback(
      "--header", [&] { settings.schema.header = ae::csv::Header::present; },
      "the first line names the columns (default: found out)");
  app.add_flag_callback(
         "--no-header", [&] { settings.schema.header = ae::csv::Header::absent; },
         "the first line is a row like all others")
      ->excludes(header);
  add_format(app, settings, false);
  add_false_alarms(app, settings,
                   "share of normal rows that may be taken for anomalies (default: 0.01)");
  app.add_option("--seed", settings.seed, "of everything that is drawn by chance")
      ->check(from_to(0, 1e18))
      ->capture_default_str();
  app.add_option("--out", settings.out,
                 "folder for the model and its figures (default: out/detect)");
}

void add_score(CLI::App& app, DetectSettings& settings) {
  add_new_table(app, settings);
  app.add_option("NEW.csv", settings.table, "table to score; may be gzipped")->required();
  add_label(app, settings);
  add_false_alarms(app, settings, "another share than the model was fitted with");
  app.add_option("--out", settings.out, "file for the verdicts (default: standard output)");
  app.add_option("--report", settings.report,
                 "folder for pictures and summary.json (default: that of --out without its ending; "
                 "none without --out)");
}

void add_watch(CLI::App& app, DetectSettings& settings) {
  add_new_table(app, settings);
  add_false_alarms(app, settings, "another share than the model was fitted with");
}

void add_explain(CLI::App& app, DetectSettings& settings) {
  add_new_table(app, settings);
  app.add_option("NEW.csv", settings.table, "table with the row; may be gzipped")->required();
  app.add_option("--row", settings.row, "number of the row, from 1")
      ->required()
      ->check(from_to(1, 1e15));
  app.add_option("--columns", settings.columns, "columns to show, the most important first")
      ->check(from_to(1, 1e6))
      ->capture_default_str();
}

void add_demo(CLI::App& app, DetectSettings& settings) {
  app.add_option("--seed", settings.seed, "of everything that is drawn by chance")
      ->check(from_to(0, 1e18))
      ->capture_default_str();
  app.add_option("--out", settings.out, "folder for all that it writes (default: out/plant)");
}

}  // namespace

void add_detect_options(CLI::App& app, DetectSettings& settings) {
  const auto command = [&](const char* name, DetectCommand which, const std::string& what,
                           auto&& add) {
    CLI::App* sub = app.add_subcommand(name, what);
    add(*sub, settings);
    sub->callback([&settings, which] { settings.command = which; });
  };
  app.require_subcommand(0, 1);
  app.footer("detect COMMAND --help has the options of each.");
  command("fit", DetectCommand::fit, "learn a table of normal rows", add_fit);
  command("score", DetectCommand::score, "say how odd each row of a table is", add_score);
  command("watch", DetectCommand::watch, "judge rows as they come on standard input", add_watch);
  command("explain", DetectCommand::explain, "say what is odd about a row", add_explain);
  command("demo", DetectCommand::demo,
          "draw a plant of 24 sensors, and find its faults (the default)", add_demo);
}

}  // namespace examples
