#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/column_statistics.hpp"
#include "ae/detail/data/table_names.hpp"

namespace ae::inline AE_ABI::detail {

/// Finds out what the columns of a table are.
class SchemaLearner {
 public:
  /// The names are those of the columns, or their places where the file has none. Throws
  /// OptionError for names among the options that are not there.
  SchemaLearner(std::vector<std::string> names, const SchemaOptions& options, std::string file)
      : names_(std::move(names)),
        options_(options),
        cells_(options.format),
        file_(std::move(file)) {
    told_.resize(names_.size());
    for (const std::string& name : options.ignored) tell(name, ColumnKind::ignored);
    if (!options.label.empty()) tell(options.label, ColumnKind::label);
    for (const auto& [name, kind] : options.kinds) tell(name, kind);
    const auto most = static_cast<std::size_t>(options.most_categories);
    for (const auto& told : told_) {
      const bool on = told == ColumnKind::categorical;
      found_.emplace_back(on ? std::max(most, std::size_t{100'000}) : most, on);
    }
  }

  void add(csv::Fields fields, std::ptrdiff_t line) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (told_[i] == ColumnKind::ignored || names_[i].empty()) continue;
      found_[i].add(csv::trimmed(fields[i]), line, cells_);
    }
  }

  /// Throws FileError for a column of which it cannot be told what it is.
  std::vector<Column> columns() const {
    std::vector<Column> all;
    for (std::size_t i = 0; i < names_.size(); ++i) all.push_back(column(i));
    leave_out_further_times(all);
    return all;
  }

  /// Throws FileError unless one of the labels is normal's.
  template <class IsNormal>
  void require_normal_label(const IsNormal& is_normal) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (told_[i] != ColumnKind::label) continue;
      const auto& counts = found_[i].counts();
      const bool normal = std::any_of(counts.begin(), counts.end(),
                                      [&](const auto& label) { return is_normal(label.first); });
      std::string labels;
      for (const std::string& label : most_frequent(counts, 5)) {
        labels += text(labels.empty() ? "" : ", ", '"', csv::shown_field(label), '"');
      }
      require<FileError>(normal, place(i), ": expected labels of which some are normal's (",
                         "0, false, no, normal, benign, ok, good, or .normal_labels), found ",
                         labels.empty() ? "none" : labels);
    }
  }

 private:
  void tell(const std::string& name, ColumnKind kind) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    require<OptionError>(found != names_.end() && !name.empty(), file_,
                         ": expected a column called ", in_quotes(name),
                         ", as an option says, found ", list_of(names_));
    auto& told = told_[static_cast<std::size_t>(found - names_.begin())];
    require<OptionError>(!told || *told == kind, file_, ": expected one kind for the column ",
                         in_quotes(name), ", found two that were told");
    told = kind;
  }

  std::string place(std::size_t i) const { return file_ + csv::column_text(i, names_); }

  Column column(std::size_t i) const {
    const ColumnStatistics& found = found_[i];
    if (names_[i].empty()) return {"", ColumnKind::ignored, {}, "it has no name"};
    if (!told_[i]) return found_out(i);
    const ColumnKind kind = *told_[i];
    if (kind == ColumnKind::numeric && found.present() > found.numbers()) refuse(i, "numbers");
    if (kind == ColumnKind::time) {
      require<FileError>(found.texts() == 0 && (found.numbers() == 0 || found.times() == 0),
                         place(i), ": expected dates or seconds since 1970, found ",
                         found.texts() == 0 ? text("a number in line ", found.first_number(),
                                                   " and a date in line ", found.first_time())
                                            : text(in_quotes(found.first_text().first), " in line ",
                                                   found.first_text().second));
    }
    Column told{names_[i], kind};
    if (kind == ColumnKind::time) told.time_format = time_format(found);
    if (kind == ColumnKind::categorical) told.categories = categories(i);
    return told;
  }

  static TimeFormat time_format(const ColumnStatistics& found) {
    if (found.present() == 0) return TimeFormat::either;
    return found.times() > 0 ? TimeFormat::iso8601 : TimeFormat::seconds;
  }

  Column found_out(std::size_t i) const {
    const ColumnStatistics& found = found_[i];
    const std::string& name = names_[i];
    if (found.present() == 0) return {name, ColumnKind::ignored, {}, "it has no value"};
    if (found.present() == found.numbers()) return {name, ColumnKind::numeric};
    if (found.present() == found.times()) {
      return {name, ColumnKind::time, {}, {}, TimeFormat::iso8601};
    }
    if (found.of_other_decimals() || 2 * found.numbers() > found.present()) refuse(i, "numbers");
    if (found.more_texts()) {
      return {name,
              ColumnKind::ignored,
              {},
              text("it has more than ", options_.most_categories, " different texts")};
    }
    return {name, ColumnKind::categorical, categories(i)};
  }

  [[noreturn]] void refuse(std::size_t i, const char* expected) const {
    const ColumnStatistics& found = found_[i];
    const auto& [cell, line] = found.first_text();
    const std::string other = found.texts() == 0 ? text("a date in line ", found.first_time())
                                                 : text(in_quotes(cell), " in line ", line);
    if (found.of_other_decimals()) {
      const char decimal = cells_.decimal() == '.' ? ',' : '.';
      throw FileError(text(place(i), ": expected ", expected, ", found ", other,
                           "; is the decimal sign '", decimal, "' (.decimal = '", decimal, "')?"));
    }
    throw FileError(
        text(place(i), ": expected ", expected, ", as ", found.numbers(), " of ", found.present(),
             " values are, found ", other,
             "; .missing_marks may say that it means \"missing\", .kinds that the column is "
             "categorical, .ignored that it is left out"));
  }

  std::vector<std::string> categories(std::size_t i) const {
    require<FileError>(found_[i].other_bytes() == 0, place(i), ", line ", found_[i].other_bytes(),
                       ": expected text in UTF-8, found other bytes (iconv -f LATIN1 -t UTF-8)");
    return most_frequent(found_[i].counts(), static_cast<std::size_t>(options_.most_categories));
  }

  void leave_out_further_times(std::vector<Column>& all) const {
    const auto is_time = [](const Column& column) { return column.kind == ColumnKind::time; };
    std::size_t first = all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_time(all[i]) && told_[i]) first = i;
    }
    if (first == all.size()) {
      first = static_cast<std::size_t>(std::find_if(all.begin(), all.end(), is_time) - all.begin());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!is_time(all[i]) || i == first || told_[i]) continue;
      all[i].kind = ColumnKind::ignored;
      all[i].time_format = TimeFormat::either;
      all[i].note = text("the times are those of ", in_quotes(all[first].name));
    }
  }

  std::vector<std::string> names_;
  const SchemaOptions& options_;
  CellReader cells_;
  std::string file_;
  std::vector<std::optional<ColumnKind>> told_;
  std::vector<ColumnStatistics> found_;
};

}  // namespace ae::inline AE_ABI::detail
