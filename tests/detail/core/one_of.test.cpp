#include "ae/detail/core/one_of.hpp"

#include "support/expect.hpp"

namespace {

struct Cat {
  static constexpr std::string_view name = "cat";
  int lives = 9;
  void require_valid() const { ae::detail::require<ae::OptionError>(lives > 0, "a dead cat"); }
};

struct Dog {
  static constexpr std::string_view name = "dog";
};

struct Pet : ae::detail::OneOf<Cat, Dog> {
  using OneOf::OneOf;
  Pet(const OneOf& chosen) : OneOf(chosen) {}
  static Pet named(std::string_view name) { return OneOf::named(name, "pet"); }
};

}  // namespace

static_assert(!std::constructible_from<Pet, int> && !std::constructible_from<Pet, const char*>);

TEST_CASE("one of several types is visited in its own type, and has its name") {
  const Pet dog = Dog{}, cat = Cat{3};
  CHECK(dog.name == "dog");
  CHECK(cat.name == "cat");
  CHECK(cat.visit([]<class T>(const T& pet) {
    if constexpr (std::same_as<T, Cat>) return pet.lives;
    return 0;
  }) == 3);
  CHECK(dog.visit([]<class T>(const T&) { return std::same_as<T, Dog>; }));
}

TEST_CASE("a name gives the type as it is by default") {
  CHECK(Pet::named("dog").name == "dog");
  CHECK(Pet::named("cat").visit([]<class T>(const T&) { return std::same_as<T, Cat>; }));
}

TEST_CASE("another name is refused with those there are") {
  CHECK(message_of<ae::OptionError>([] { Pet::named("Cat\n"); }) ==
        "pet: expected one of cat, dog, found \"Cat?\"");
  CHECK(says(message_of<ae::OptionError>([] { Pet::named(""); }), "found \"\""));
}

TEST_CASE("numbers outside their range are refused as by the type itself") {
  CHECK_NOTHROW(Pet(Cat{}).require_valid());
  CHECK_NOTHROW(Pet(Dog{}).require_valid());
  CHECK(says(message_of<ae::OptionError>([] { Pet(Cat{0}).require_valid(); }), "a dead cat"));
}
