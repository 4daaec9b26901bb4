// The model's header, and nothing used.
#include <ae/autoencoder.hpp>

int main() {}
