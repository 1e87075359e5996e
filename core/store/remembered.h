// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace luthien::store {

/// How much the writer keeps in memory of what is in the tables, so that it need not ask. What would be more is
/// forgotten, and asked for again.
struct Remembered
{
    std::size_t contents = 200'000; ///< and as many nodes; about 20 MB
    std::size_t names = 10'000;     ///< of models and agents, each with its session
    std::size_t meanings = 500'000; ///< of conversations, with the sessions they belong to; about 30 MB
};

} // namespace luthien::store
