#include "common/application.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <ae/training/callbacks.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <limits>
#include <new>
#include <sstream>

namespace examples {
namespace {

std::string shown(double number) {
  std::ostringstream out;
  out.precision(10);
  out << number;
  return out.str();
}

/// Checks that `accept` takes the number of an option.
CLI::Validator number_check(const std::string& wanted, const std::function<bool(double)>& accept) {
  return {[wanted, accept](std::string& text) {
            std::istringstream in(text);
            double number = 0;
            const bool read = in >> number && in.eof();
            const bool good = read && accept(number);
            return good ? std::string() : "expected a number " + wanted + ", found " + text;
          },
          wanted};
}

/// Of standard error, less one letter, so that the cursor stays in the line.
int width_of_terminal() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? std::min(size.ws_col - 1, 78) : 78;
}

void print_line(const ae::EpochReport& epoch, double loss) {
  std::printf("epoch %3td  loss %8.1f  rate %.5f  %6.1f s\n", epoch.epoch, loss,
              epoch.learning_rate, epoch.seconds);
  std::fflush(stdout);
}

}  // namespace

int run_program(int argc, char** argv, const About& about,
                const std::function<void(CLI::App&)>& options, const std::function<int()>& work) {
  CLI::App app(about.purpose, about.name);
  const std::string name = about.name;
  app.failure_message([&](const CLI::App*, const CLI::Error& error) {
    return name + ": " + error.what() + "\nRun with --help for more information.\n";
  });
  try {
    options(app);
    app.parse(argc, argv);
    return work();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const Stopped& stopped) {
    std::cout << "stopped; " << stopped.next << '\n';
    return 130;
  } catch (const std::bad_alloc&) {
    std::cerr << name << ": not enough memory for what the options ask for\n";
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << '\n';
  }
  return 1;
}

CLI::ValidationError wrong_option(const std::string& option, const std::string& message) {
  return CLI::ValidationError(option, message);
}

CLI::Validator from_to(double low, double high) {
  return number_check("from " + shown(low) + " to " + shown(high),
                      [=](double number) { return number >= low && number <= high; });
}

CLI::Validator above_zero() {
  return number_check("above 0", [](double number) { return number > 0; });
}

std::vector<ae::Callback> progress(const std::function<double(const ae::EpochReport&)>& loss) {
  const bool terminal = isatty(STDERR_FILENO);
  const auto bar = ae::ProgressBar(std::cerr, width_of_terminal());
  const auto print = [=](const ae::Progress& at) {
    const ae::Index every = at.epochs > 20 ? 10 : 1;
    if (!at.epoch_ended || (at.epoch % every != 0 && at.epoch + 1 != at.epochs)) return;
    if (terminal) bar.clear();
    const ae::EpochReport& epoch = at.history.back();
    print_line(epoch, loss ? loss(epoch) : epoch.total());
  };
  std::vector<ae::Callback> callbacks = {print};
  if (terminal) callbacks.emplace_back(bar);
  return callbacks;
}

}  // namespace examples
