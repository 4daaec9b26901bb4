#include <ae/autoencoder.hpp>

// What the text of the README speaks of beside its programs: nothing but this header is included,
// as a reader does who goes on from the first one.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> x;
