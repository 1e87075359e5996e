// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>

namespace luthien::control {

/// Why a request is not answered with what it asked for. Source: RFC 9457.
struct Problem
{
    unsigned status = 500;
    std::string code;   ///< stable snake_case word
    std::string detail; ///< one sentence
    std::string allow;  ///< with 405: the methods there are

    bool operator==(const Problem&) const = default;
};

[[nodiscard]] Problem problemFrom(const Error& error);
/// The application/problem+json document.
[[nodiscard]] std::string toJson(const Problem& problem);
[[nodiscard]] std::string_view reasonPhrase(unsigned status) noexcept;

} // namespace luthien::control
