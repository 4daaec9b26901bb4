#include "synthetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <fstream>
#include <iterator>
#include <numbers>
#include <stdexcept>
#include <string>

#include "ae/core/random.hpp"

namespace examples {
namespace {

using std::numbers::pi;

constexpr std::size_t side = 32;
constexpr std::size_t pixels = side * side;

using Point = std::complex<double>;    // x to the right, y down; an angle of pi / 2 points down
using Colour = std::array<double, 3>;  // red, green, blue; 0 to 255
constexpr Point middle{0.5, 0.5};      // of a pixel
using Plane = std::array<double, pixels>;
using Canvas = std::array<Colour, pixels>;

enum Label : std::uint8_t { aeroplane = 0, deer = 4, horse = 7, ship = 8 };

/// The random numbers of one picture, one after the other. Draws that belong together stand in
/// braces, where C++ fixes their order.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint32_t picture) : random_(seed, ae::Purpose::draw, picture) {}

  double between(double low, double high) { return random_.uniform(next_++, low, high); }
  double normal() { return random_.normal(next_++); }
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

/// A material is one colour or a pattern.
const Colour& colour_at(const Colour& colour, std::size_t) {
  return colour;
}
const Colour& colour_at(const Canvas& pattern, std::size_t pixel) {
  return pattern[pixel];
}

double coverage(double depth) {
  return std::clamp(depth + 0.5, 0.0, 1.0);
}

/// The row or column of pixels nearest to a coordinate, kept within the picture.
std::size_t nearest(double coordinate) {
  return static_cast<std::size_t>(std::clamp(std::round(coordinate), 0.0, double{side}));
}

double dot(Point a, Point b) {
  return a.real() * b.real() + a.imag() * b.imag();
}

/// Value noise: normal numbers on a lattice, interpolated smoothly.
void add_octave(Plane& plane, Dice& dice, std::size_t cells, double amplitude) {
  std::array<double, (side / 2 + 1) * (side / 2 + 1)> lattice;
  const std::size_t stride = cells + 1;
  std::generate_n(lattice.begin(), stride * stride, [&] { return amplitude * dice.normal(); });
  const auto eased = [](double t) { return t * t * (3 - 2 * t); };
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::size_t x = pixel % side * cells, y = pixel / side * cells;
    const double right = eased(static_cast<double>(x % side) / side);
    const double down = eased(static_cast<double>(y % side) / side);
    const double* corner = &lattice[y / side * stride + x / side];
    plane[pixel] +=
        mix(mix(corner[0], corner[1], right), mix(corner[stride], corner[stride + 1], right), down);
  }
}

/// Octaves whose amplitude falls with their frequency, as in the spectra of natural pictures.
Plane texture(Dice& dice) {
  Plane plane{};
  add_octave(plane, dice, 3, 0.9);
  add_octave(plane, dice, 7, 0.6);
  add_octave(plane, dice, 16, 0.45);
  return plane;
}

/// A line with round ends whose radius runs from one value to another. All but the backdrop is
/// drawn with these.
struct Stroke {
  Point from, to;
  double from_radius, to_radius;
};

/// The material under the stroke, shaded as a solid of revolution under `light`.
template <class Material>
void paint(Canvas& canvas, const Stroke& stroke, Point light, const Material& material) {
  const auto& [from, to, from_radius, to_radius] = stroke;
  const double margin = std::max(from_radius, to_radius) + 1;
  const auto [left, right] = std::minmax({from.real(), to.real()});
  const auto [top, bottom] = std::minmax({from.imag(), to.imag()});
  const Point along = to - from;
  for (std::size_t y = nearest(top - margin); y < nearest(bottom + margin); ++y) {
    for (std::size_t x = nearest(left - margin); x < nearest(right + margin); ++x) {
      const Point here = Point(static_cast<double>(x), static_cast<double>(y)) + middle - from;
      const double t = std::clamp(dot(here, along) / std::max(dot(along, along), 1e-9), 0.0, 1.0);
      const Point offset = here - t * along;
      const double radius = mix(from_radius, to_radius, t);
      const double shade = 1 + dot(offset, light) / (radius + 0.5);
      Colour& pixel = canvas[y * side + x];
      pixel = mix(pixel, scaled(colour_at(material, y * side + x), shade),
                  coverage(radius - std::abs(offset)));
    }
  }
}

struct Gradient {
  Colour far, near;
};

constexpr std::array<Gradient, 6> skies{{{{90, 140, 215}, {185, 210, 235}},
                                         {{200, 205, 212}, {232, 234, 236}},
                                         {{130, 140, 155}, {190, 195, 200}},
                                         {{110, 120, 160}, {240, 190, 140}},
                                         {{30, 40, 30}, {62, 74, 52}},
                                         {{52, 44, 38}, {88, 78, 68}}}};
constexpr std::array<Gradient, 6> grounds{{{{120, 150, 76}, {80, 118, 46}},
                                           {{176, 164, 100}, {142, 126, 70}},
                                           {{206, 186, 150}, {182, 158, 120}},
                                           {{228, 232, 238}, {206, 212, 224}},
                                           {{122, 102, 82}, {92, 74, 58}},
                                           {{62, 84, 44}, {36, 54, 26}}}};
constexpr Gradient water{{90, 125, 150}, {40, 72, 100}};

struct Landscape {
  Gradient sky, ground;
  double horizon;  // all lengths in pixels
  double hilliness;
  double wood_height;
};

void draw_backdrop(Canvas& canvas, Dice& dice, const Landscape& land) {
  const Colour foliage{dice.between(25, 85), dice.between(45, 95), dice.between(20, 50)};
  const Plane clouds = texture(dice), soil = texture(dice), leaves = texture(dice);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const double y = static_cast<double>(pixel / side) + 0.5;
    const double depth = y - land.horizon - land.hilliness * leaves[pixel % side];
    const double wood = depth + land.wood_height * (1 + 0.4 * leaves[pixel]);
    const Colour sky = mix(land.sky.far, land.sky.near, std::min(y / land.horizon, 1.0));
    const Colour ground = mix(land.ground.far, land.ground.near, std::clamp(depth / 20, 0.0, 1.0));
    canvas[pixel] = scaled(sky, 1 + 0.08 * clouds[pixel]);
    canvas[pixel] = mix(canvas[pixel], scaled(foliage, 1 + 0.4 * clouds[pixel]), coverage(wood));
    canvas[pixel] = mix(canvas[pixel], scaled(ground, 1 + 0.15 * soil[pixel]), coverage(depth));
  }
}

void draw_fence(Canvas& canvas, Dice& dice, double ground_y, Point light) {
  const Colour wood = scaled(Colour{210, 200, 185}, dice.between(0.3, 1.1));
  const auto plank = [&](Point from, Point to) {
    paint(canvas, {from, to, 0.3, 0.3}, light, wood);
  };
  const double height = dice.between(5, 9), gap = dice.between(8, 15);
  for (double x = dice.between(0, gap); x < side; x += gap) {
    plank({x, ground_y}, {x, ground_y - height});
  }
  for (const double share : {0.5, 0.9}) {
    plank({0, ground_y - share * height}, {side, ground_y - share * height});
  }
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

/// Lengths in units of the height at the withers.
struct Build {
  double girth, neck, limb, tail;
  bool antlers;
};

constexpr Build horse_build{0.21, 0.15, 0.085, 0.5, false};
constexpr Build deer_build{0.17, 0.09, 0.06, 0.12, true};

/// Draws in the frame of the animal: the origin in the middle of the trunk, facing right, the
/// ground at y = 0.7.
class Quadruped {
 public:
  Quadruped(Canvas& canvas, Dice& dice, Point light, const Build& build, const Coat& coat)
      : canvas_(canvas), dice_(dice), light_(light), build_(build), coat_(coat) {
    const Plane spots = texture(dice);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      hide_[pixel] = mix(coat.body, coat.patches, coverage(1.5 * spots[pixel]));
    }
    size_ = dice.chance(0.15) ? dice.between(22, 30) : dice.between(14, 22);
    stretch_ = dice.between(0.7, 1.05) * (dice.chance(0.5) ? 1 : -1);
    origin_ = {16 - 0.15 * stretch_ * size_ + dice.between(-3, 3), 0};
    origin_ += Point(0, dice.between(26, 31) - 0.7 * size_);
    energy_ = std::pow(dice.between(0, 1), 2);
    phase_ = dice.between(0, 2 * pi);
  }

  void draw() {
    limb({-0.35, 0.72}, {0.35, 0.72}, 0.06, 0.06, scaled(canvas_, 0.55));  // the shadow
    draw_legs(phase_ + pi, scaled(hide_, 0.65), scaled(coat_.points, 0.65));
    draw_tail();
    limb({-0.3, -0.02}, {0.28, 0}, build_.girth, build_.girth, hide_);
    draw_legs(phase_, hide_, coat_.points);
    draw_head();
  }

  void draw_rider() {
    const Colour shirt{dice_.between(20, 240), dice_.between(20, 240), dice_.between(20, 240)};
    const Colour trousers = scaled(shirt, dice_.between(0.2, 1));
    limb({-0.02, -0.2}, {0.12, 0.16}, 0.08, 0.05, trousers);
    limb({-0.02, -0.25}, {0.02, -0.55}, 0.1, 0.12, shirt);
    limb({0.05, -0.75}, {0.05, -0.78}, 0.08, 0.08, Colour{150, 110, 90});
  }

 private:
  Point placed(Point point) const {
    return origin_ + size_ * Point(stretch_ * point.real(), point.imag());
  }

  template <class Material>
  void limb(Point from, Point to, double from_radius, double to_radius, const Material& material) {
    paint(canvas_, {placed(from), placed(to), size_ * from_radius, size_ * to_radius}, light_,
          material);
  }

  /// A hind and a fore leg, half a stride apart.
  void draw_legs(double phase, const Canvas& hide, const Colour& points) {
    for (const double hip_x : {-0.34, 0.3}) {
      const double thigh = pi / 2 + 0.08 * dice_.normal() + 0.7 * energy_ * std::sin(phase);
      const double shin = thigh + energy_ * (0.4 + 0.4 * std::cos(phase));
      const Point hip(hip_x, 0.1), knee = hip + std::polar(0.3, thigh);
      limb(hip, knee, 1.5 * build_.limb, 0.75 * build_.limb, hide);
      limb(knee, knee + std::polar(0.3, shin), 0.65 * build_.limb, 0.5 * build_.limb, points);
      phase += pi;
    }
  }

  void draw_tail() {
    const double angle = pi / 2 + 0.25 + 0.9 * energy_ + 0.1 * dice_.normal();
    const Point dock(-0.48, -0.1);
    limb(dock, dock + std::polar(build_.tail, angle), 0.04, 0.07, coat_.points);
  }

  void draw_head() {
    const double neck = dice_.chance(0.25) ? dice_.between(0.6, 0.9) : dice_.between(-1.1, -0.3);
    const double face = 1 + 0.3 * neck + 0.1 * dice_.normal();
    const Point withers(0.3, -0.08), crest = std::polar(0.08, neck - pi / 2);
    const Point poll = withers + std::polar(0.45, neck);
    const Point ear = std::polar(0.13, face - 2.1);
    limb(withers, poll, build_.neck, 0.6 * build_.neck, hide_);
    if (build_.antlers) draw_antlers(poll, ear);
    limb(poll, poll + ear, 0.04, 0.02, hide_);
    limb(poll, poll + std::polar(0.28, face), 0.095, 0.055, hide_);
    if (!build_.antlers) limb(withers + crest, poll + crest, 0.07, 0.05, coat_.points);
  }

  void draw_antlers(Point poll, Point ear) {
    for (const double angle : {-0.5, 0.4}) {
      const Point tip = poll + std::polar(2.2, angle) * ear;
      limb(poll, tip, 0.03, 0.02, Colour{120, 96, 70});
      limb(0.5 * (poll + tip), tip + Point(0.1, 0.02), 0.02, 0.02, Colour{120, 96, 70});
    }
  }

  Canvas& canvas_;
  Dice& dice_;
  Point light_;
  Build build_;
  Coat coat_;
  Canvas hide_;
  double size_;     // of the height at the withers, in pixels
  double stretch_;  // along x: foreshortened if below 1, facing left if negative
  Point origin_;
  double energy_, phase_;  // of the gait
};

void draw_ship(Canvas& canvas, Dice& dice, Point light) {
  const Colour hull = scaled(Colour{220, 210, 200}, dice.between(0.2, 1));
  const double length = dice.between(8, 13), x = dice.between(13, 19), y = dice.between(20, 25);
  paint(canvas, {{x - length, y}, {x + length, y}, 2, 2.6}, light, hull);
  paint(canvas, {{x - length / 2, y - 4}, {x + length / 3, y - 4}, 1.8, 1.8}, light, hull);
  paint(canvas, {{x, y - 4}, {x, y - dice.between(9, 14)}, 1, 0.4}, light, hull);
}

void draw_aeroplane(Canvas& canvas, Dice& dice, Point light) {
  const Colour metal = scaled(Colour{230, 232, 238}, dice.between(0.3, 1));
  const Point nose = std::polar(dice.between(9, 13), dice.between(-0.5, 0.5));
  const Point centre{dice.between(13, 19), dice.between(13, 19)};
  const Point wing = nose * std::polar(0.8, dice.between(1.8, 2.4));
  paint(canvas, {centre, centre + std::conj(wing), 1.4, 0.5}, light, metal);
  paint(canvas, {centre - nose, centre + nose, 1.3, 1.9}, light, metal);
  paint(canvas, {centre, centre + wing, 1.6, 0.5}, light, metal);
  paint(canvas, {centre - nose, centre - 1.2 * nose - Point(0, 5), 1.2, 0.6}, light, metal);
}

Landscape draw_landscape_for(Label label, Dice& dice) {
  const double wood = dice.chance(0.5) ? dice.between(2, 14) : 0;
  Landscape land{dice.pick(skies), dice.pick(grounds), dice.between(4, 20), dice.between(0, 2),
                 wood};
  if (label == ship) land = {land.sky, water, dice.between(12, 18), 0, 0};
  if (label == aeroplane) land.horizon = dice.between(28, 44);
  return land;
}

Canvas scene(Label label, Dice& dice) {
  Canvas canvas;
  const Point light = std::polar(0.35, -pi / 2 + dice.between(-0.8, 0.8));
  const Landscape land = draw_landscape_for(label, dice);
  draw_backdrop(canvas, dice, land);
  if (label == ship) draw_ship(canvas, dice, light);
  if (label == aeroplane) draw_aeroplane(canvas, dice, light);
  if (label == deer) Quadruped(canvas, dice, light, deer_build, deer_coat).draw();
  if (label != horse) return canvas;
  if (dice.chance(0.3)) draw_fence(canvas, dice, land.horizon + 3, light);
  Quadruped animal(canvas, dice, light, horse_build, dice.pick(horse_coats));
  animal.draw();
  if (dice.chance(0.2)) animal.draw_rider();
  return canvas;
}

using Record = std::array<char, 1 + 3 * pixels>;

/// The picture as a camera would take it: with an exposure, a contrast, a cast and some noise.
Record photograph(const Canvas& canvas, Label label, Dice& dice) {
  const double contrast = dice.between(0.65, 1.25), exposure = dice.between(80, 150);
  const Colour cast{8 * dice.normal(), 4 * dice.normal(), 8 * dice.normal()};
  const double grain = dice.between(1, 6);
  Record record{static_cast<char>(label)};
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const double noise = exposure + grain * dice.normal();
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double value = contrast * (canvas[pixel][channel] - 120) + cast[channel] + noise;
      record[1 + channel * pixels + pixel] =
          static_cast<char>(static_cast<std::uint8_t>(std::clamp(std::round(value), 0.0, 255.0)));
    }
  }
  return record;
}

void write_file(const std::filesystem::path& path, std::uint64_t seed, std::uint32_t first_picture,
                std::uint32_t pictures) {
  std::ofstream file(path, std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  for (std::uint32_t i = 0; i < pictures; ++i) {
    Dice dice(seed, first_picture + i);
    const Label other = dice.pick(std::array{aeroplane, deer, ship});
    const Label label = i % 6 == 5 ? other : horse;
    const Record record = photograph(scene(label, dice), label, dice);
    file.write(record.data(), record.size());
  }
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void draw_synthetic_cifar10(const std::filesystem::path& folder, std::uint64_t seed,
                            int horses_per_file) {
  const std::string mark = "Drawn pictures, version 1, seed " + std::to_string(seed) + ", " +
                           std::to_string(horses_per_file) + " horses per file\n";
  const auto marker = folder / "synthetic.txt";
  if (content(marker) == mark) return;
  if (exists(folder) && !exists(marker)) {
    throw std::runtime_error(folder.string() + ": holds something other than drawn pictures");
  }
  const auto unfinished = std::filesystem::path(folder) += ".part";
  remove_all(unfinished);
  create_directories(unfinished);
  const auto pictures = static_cast<std::uint32_t>(horses_per_file + horses_per_file / 5);
  std::uint32_t first_picture = 0;
  for (const char* name : {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
                           "data_batch_5", "test_batch"}) {
    write_file(unfinished / (std::string(name) + ".bin"), seed, first_picture, pictures);
    first_picture += pictures;
  }
  std::ofstream(unfinished / "synthetic.txt") << mark;
  remove_all(folder);
  rename(unfinished, folder);
}

}  // namespace examples
