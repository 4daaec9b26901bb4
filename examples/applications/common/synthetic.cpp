#include "common/synthetic.hpp"

#include <ae/core/random.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <fstream>
#include <iterator>
#include <numbers>
#include <stdexcept>
#include <string>

namespace examples {
namespace {

using std::numbers::pi;

constexpr std::size_t side = 32;
constexpr std::size_t pixels = side * side;

using Point = std::complex<double>;    // x to the right, y down: an angle of pi / 2 points down
using Colour = std::array<double, 3>;  // red, green, blue, each from 0 to 255
using Canvas = std::array<Colour, pixels>;
using Noise = std::array<double, pixels>;

enum Label : std::uint8_t { deer = 4, horse = 7, ship = 8 };

/// The random numbers of one picture, one after the other. Two draws never share an expression
/// unless braces fix their order.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint32_t picture) : random_(seed, ae::Purpose::draw, picture) {}

  double between(double low, double high) { return random_.uniform(next_++, low, high); }
  bool chance(double probability) { return random_.uniform(next_++) < probability; }

  template <class T, std::size_t size>
  const T& pick(const std::array<T, size>& choices) {
    return choices[random_.below(next_++, size)];
  }

 private:
  ae::Random random_;
  std::uint64_t next_ = 0;
};

/// std::lerp guards against cases that cannot occur here, and takes several times as long.
double mix(double from, double to, double share) {
  return from + share * (to - from);
}

Colour mix(const Colour& from, const Colour& to, double share) {
  return {mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)};
}

Colour scaled(const Colour& colour, double factor) {
  return {colour[0] * factor, colour[1] * factor, colour[2] * factor};
}

Canvas scaled(Canvas canvas, double factor) {
  for (Colour& colour : canvas) colour = scaled(colour, factor);
  return canvas;
}

Canvas plain(const Colour& colour) {
  Canvas canvas;
  canvas.fill(colour);
  return canvas;
}

/// The share of a pixel that lies inside a shape, from the depth of its centre below the edge.
double coverage(double depth) {
  return std::clamp(depth + 0.5, 0.0, 1.0);
}

/// Value noise: random numbers on a lattice, interpolated smoothly.
void add_octave(Noise& noise, Dice& dice, std::size_t cells, double amplitude) {
  std::array<double, (side / 2 + 1) * (side / 2 + 1)> lattice;
  const std::size_t row = cells + 1;
  std::generate_n(lattice.begin(), row * row, [&] { return dice.between(-amplitude, amplitude); });
  const auto eased = [](std::size_t step) {
    const double t = static_cast<double>(step) / side;
    return t * t * (3 - 2 * t);
  };
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::size_t x = pixel % side * cells, y = pixel / side * cells;
    const double right = eased(x % side), down = eased(y % side);
    const double* corner = &lattice[y / side * row + x / side];
    noise[pixel] +=
        mix(mix(corner[0], corner[1], right), mix(corner[row], corner[row + 1], right), down);
  }
}

/// Noise of about unit variance whose amplitude falls with its frequency, as in natural pictures.
Noise texture(Dice& dice) {
  Noise noise{};
  add_octave(noise, dice, 3, 1.8);
  add_octave(noise, dice, 7, 1.2);
  add_octave(noise, dice, 16, 0.9);
  return noise;
}

/// A line with round ends whose radius runs from one value to another.
struct Stroke {
  Point from, to;
  double from_radius, to_radius;
};

/// The row or column of pixels nearest to a coordinate, kept within the picture.
std::size_t nearest(double coordinate) {
  return static_cast<std::size_t>(std::clamp(std::round(coordinate), 0.0, double{side}));
}

/// The pattern shows through the stroke, which is shaded as a round body lit from above.
void paint(Canvas& canvas, const Stroke& stroke, const Canvas& pattern) {
  const auto& [from, to, from_radius, to_radius] = stroke;
  const Point along = to - from;
  const double margin = std::max(from_radius, to_radius) + 1;
  const auto [left, right] = std::minmax({from.real(), to.real()});
  const auto [top, bottom] = std::minmax({from.imag(), to.imag()});
  for (std::size_t y = nearest(top - margin); y < nearest(bottom + margin); ++y) {
    for (std::size_t x = nearest(left - margin); x < nearest(right + margin); ++x) {
      const Point here = Point(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5) - from;
      const double t = std::clamp(std::real(here / along), 0.0, 1.0);
      const Point offset = here - t * along;
      const double radius = mix(from_radius, to_radius, t);
      const double shade = 1 - 0.35 * offset.imag() / (radius + 0.5);
      const std::size_t pixel = y * side + x;
      canvas[pixel] =
          mix(canvas[pixel], scaled(pattern[pixel], shade), coverage(radius - std::abs(offset)));
    }
  }
}

struct Gradient {
  Colour far, near;
};

constexpr std::array<Gradient, 6> skies{{
    {{90, 140, 215}, {185, 210, 235}},   // clear
    {{200, 205, 212}, {232, 234, 236}},  // overcast
    {{130, 140, 155}, {190, 195, 200}},  // rain
    {{110, 120, 160}, {240, 190, 140}},  // dusk
    {{30, 40, 30}, {62, 74, 52}},        // a forest
    {{52, 44, 38}, {88, 78, 68}},        // a stable
}};
constexpr std::array<Gradient, 6> grounds{{
    {{120, 150, 76}, {80, 118, 46}},     // grass
    {{176, 164, 100}, {142, 126, 70}},   // hay
    {{206, 186, 150}, {182, 158, 120}},  // sand
    {{228, 232, 238}, {206, 212, 224}},  // snow
    {{122, 102, 82}, {92, 74, 58}},      // earth
    {{62, 84, 44}, {36, 54, 26}},        // grass in the shade
}};
constexpr Gradient water{{90, 125, 150}, {40, 72, 100}};

struct Landscape {
  Gradient sky, ground;
  double horizon, relief, tree_height;  // in pixels
};

Landscape choose_landscape(Dice& dice, Label label) {
  if (label == ship) return {dice.pick(skies), water, dice.between(12, 18), 0, 0};
  return {dice.pick(skies), dice.pick(grounds), dice.between(4, 20), dice.between(0, 2),
          std::max(0.0, dice.between(-12, 14))};
}

Canvas draw_landscape(Dice& dice, const Landscape& land) {
  const Colour foliage{dice.between(25, 85), dice.between(45, 95), dice.between(20, 50)};
  const Noise clouds = texture(dice), leaves = texture(dice), soil = texture(dice);
  Canvas canvas;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::size_t row = pixel / side;
    const double y = static_cast<double>(row) + 0.5;
    const double depth = y - land.horizon - land.relief * leaves[pixel % side];
    const double tree_depth = depth + land.tree_height * (1 + 0.4 * leaves[pixel]);
    const Colour sky = mix(land.sky.far, land.sky.near, std::min(y / land.horizon, 1.0));
    const Colour ground = mix(land.ground.far, land.ground.near, std::clamp(depth / 20, 0.0, 1.0));
    Colour& colour = canvas[pixel] = scaled(sky, 1 + 0.08 * clouds[pixel]);
    colour = mix(colour, scaled(foliage, 1 + 0.4 * clouds[pixel]), coverage(tree_depth));
    colour = mix(colour, scaled(ground, 1 + 0.15 * soil[pixel]), coverage(depth));
  }
  return canvas;
}

void draw_ship(Canvas& canvas, Dice& dice) {
  const Canvas hull = plain(scaled(Colour{220, 210, 200}, dice.between(0.2, 1)));
  const double length = dice.between(8, 13), x = dice.between(13, 19), y = dice.between(20, 25);
  paint(canvas, {{x - length, y}, {x + length, y}, 2, 2.6}, hull);
  paint(canvas, {{x - length / 2, y - 4}, {x + length / 3, y - 4}, 1.8, 1.8}, hull);
  paint(canvas, {{x, y - 4}, {x, y - dice.between(9, 14)}, 1, 0.4}, hull);
}

struct Coat {
  Colour body, patches;
  Colour points;  // mane, tail and lower legs
};

constexpr std::array<Coat, 9> horse_coats{{
    {{34, 30, 30}, {58, 50, 46}, {20, 18, 18}},           // black
    {{104, 60, 36}, {132, 82, 50}, {26, 20, 18}},         // bay
    {{84, 48, 30}, {104, 62, 38}, {24, 20, 18}},          // dark bay
    {{146, 80, 44}, {168, 100, 58}, {150, 92, 54}},       // chestnut
    {{222, 218, 212}, {236, 234, 230}, {206, 200, 192}},  // white
    {{168, 168, 168}, {118, 118, 122}, {92, 92, 96}},     // dapple grey
    {{200, 158, 98}, {216, 178, 122}, {234, 224, 204}},   // palomino
    {{100, 58, 36}, {230, 226, 218}, {226, 220, 212}},    // bay pinto
    {{36, 32, 32}, {226, 224, 220}, {40, 36, 36}},        // black pinto
}};
constexpr Coat deer_coat{{150, 104, 62}, {170, 122, 78}, {120, 84, 52}};

/// In units of the height at the withers.
struct Build {
  double trunk, neck, leg, mane;  // radii
  double tail;                    // a length
};

constexpr Build horse_build{0.21, 0.15, 0.085, 0.06, 0.5};
constexpr Build deer_build{0.17, 0.09, 0.06, 0.0, 0.12};

Canvas hide(Dice& dice, const Coat& coat) {
  const Noise spots = texture(dice);
  Canvas pattern;
  std::transform(spots.begin(), spots.end(), pattern.begin(),
                 [&](double spot) { return mix(coat.body, coat.patches, coverage(1.5 * spot)); });
  return pattern;
}

/// A horse or a deer. It is drawn in a frame of its own: one unit high at the withers, the origin
/// in the middle of the trunk, facing right.
class Quadruped {
 public:
  Quadruped(Canvas& canvas, Dice& dice, const Build& build, const Coat& coat)
      : canvas_(canvas),
        dice_(dice),
        build_(build),
        hide_(hide(dice, coat)),
        points_(plain(coat.points)) {
    const bool close = dice.chance(0.15), faces_left = dice.chance(0.5);
    height_ = close ? dice.between(22, 30) : dice.between(14, 22);
    width_ = (faces_left ? -height_ : height_) * dice.between(0.7, 1.05);
    middle_ =
        Point{dice.between(13, 19), dice.between(26, 31)} - Point(0.15 * width_, 0.7 * height_);
    vigour_ = std::max(0.0, dice.between(-0.5, 1));
  }

  void draw() {
    const double phase = dice_.between(0, 2 * pi), dock = pi / 2 + dice_.between(0, 0.5);
    limb({-0.35, 0.72}, {0.35, 0.72}, 0.06, 0.06, scaled(canvas_, 0.55));  // the shadow
    draw_legs(phase + pi, 0.65);
    limb({-0.48, -0.1}, Point(-0.48, -0.1) + std::polar(build_.tail, dock + 0.8 * vigour_), 0.04,
         0.07, points_);
    limb({-0.3, -0.02}, {0.28, 0}, build_.trunk, build_.trunk, hide_);
    draw_legs(phase, 1);
    draw_head();
  }

 private:
  Point placed(Point point) const {
    return middle_ + Point(width_ * point.real(), height_ * point.imag());
  }

  void limb(Point from, Point to, double from_radius, double to_radius, const Canvas& pattern) {
    paint(canvas_, {placed(from), placed(to), height_ * from_radius, height_ * to_radius}, pattern);
  }

  /// The hind and the fore leg of one side, half a stride apart.
  void draw_legs(double phase, double shade) {
    for (const double x : {-0.34, 0.3}) {
      const double thigh = pi / 2 + 0.7 * vigour_ * std::sin(phase) + dice_.between(-0.2, 0.2);
      const double shin = thigh + vigour_ * (0.4 + 0.4 * std::cos(phase));
      const Point hip(x, 0.1), knee = hip + std::polar(0.3, thigh);
      const Point hoof = knee + std::polar(0.3, shin);
      limb(hip, knee, 1.5 * build_.leg, 0.75 * build_.leg, scaled(hide_, shade));
      limb(knee, hoof, 0.65 * build_.leg, 0.5 * build_.leg, scaled(points_, shade));
      phase += pi;
    }
  }

  void draw_head() {
    const bool grazes = dice_.chance(0.25);
    const double neck = grazes ? dice_.between(0.6, 0.9) : dice_.between(-1.1, -0.3);
    const double face = 1 + 0.3 * neck + dice_.between(-0.2, 0.2);
    const Point withers(0.3, -0.08), poll = withers + std::polar(0.45, neck);
    const Point crest = std::polar(0.08, neck - pi / 2);
    limb(withers, poll, build_.neck, 0.6 * build_.neck, hide_);
    limb(poll, poll + std::polar(0.13, face - 2.1), 0.04, 0.02, hide_);  // an ear
    limb(poll, poll + std::polar(0.28, face), 0.095, 0.055, hide_);
    if (build_.mane > 0) limb(withers + crest, poll + crest, build_.mane, build_.mane, points_);
  }

  Canvas& canvas_;
  Dice& dice_;
  Build build_;
  Canvas hide_, points_;
  double height_, width_;  // of the unit, in pixels; a negative width faces left
  Point middle_;
  double vigour_;  // of the gait: 0 stands, 1 gallops
};

Canvas draw_scene(Dice& dice, Label label) {
  Canvas canvas = draw_landscape(dice, choose_landscape(dice, label));
  if (label == ship) draw_ship(canvas, dice);
  if (label == deer) Quadruped(canvas, dice, deer_build, deer_coat).draw();
  if (label == horse) Quadruped(canvas, dice, horse_build, dice.pick(horse_coats)).draw();
  return canvas;
}

using Record = std::array<char, 1 + 3 * pixels>;

/// As a camera would take it: with an exposure, a contrast, a cast of colour and some grain.
Record photograph(const Canvas& canvas, Dice& dice, Label label) {
  const double exposure = dice.between(80, 150), contrast = dice.between(0.6, 1.2);
  const Colour cast{dice.between(-14, 14), dice.between(-7, 7), dice.between(-14, 14)};
  const double grain = dice.between(2, 10);
  Record record{static_cast<char>(label)};
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const double level = exposure + dice.between(-grain, grain);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double value = level + contrast * (canvas[pixel][channel] - 120) + cast[channel];
      record[1 + channel * pixels + pixel] =
          static_cast<char>(static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
    }
  }
  return record;
}

Label label_of(std::uint32_t picture) {
  if (picture % 6 < 5) return horse;
  return picture % 12 < 6 ? deer : ship;
}

std::ofstream create(const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  return file;
}

/// Draws the pictures [first, last).
void write_batch(const std::filesystem::path& path, std::uint64_t seed, std::uint32_t first,
                 std::uint32_t last) {
  std::ofstream file = create(path);
  for (std::uint32_t picture = first; picture < last; ++picture) {
    const Label label = label_of(picture - first);
    Dice dice(seed, picture);
    const Canvas scene = draw_scene(dice, label);
    const Record record = photograph(scene, dice, label);
    file.write(record.data(), record.size());
  }
  file.close();  // here, because a destructor would hide a full disk
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void draw_synthetic_cifar10(const std::filesystem::path& folder, std::uint64_t seed,
                            std::uint32_t horses_per_file) {
  const char* const marker = "synthetic.txt";
  const std::string mark = "Drawn pictures, version 1, seed " + std::to_string(seed) + ", " +
                           std::to_string(horses_per_file) + " horses per file\n";
  if (content(folder / marker) == mark) return;
  if (exists(folder) && !is_empty(folder) && !exists(folder / marker)) {
    throw std::runtime_error(folder.string() + " holds something other than drawn pictures");
  }
  std::filesystem::path unfinished = (folder / "").parent_path();
  unfinished += ".part";
  remove_all(unfinished);
  create_directories(unfinished);
  const std::uint32_t size = horses_per_file + horses_per_file / 5;
  std::uint32_t first = 0;
  for (const char* const name : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                 "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"}) {
    write_batch(unfinished / name, seed, first, first + size);
    first += size;
  }
  create(unfinished / marker) << mark;
  remove_all(folder);
  rename(unfinished, folder);
}

}  // namespace examples
