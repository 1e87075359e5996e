// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace luthien::policy {

/// Tells whether what comes out of a text policy differs from what went in, part by part, without keeping more than
/// the policy keeps back; and keeps a bounded beginning of both.
class TextChange
{
public:
    explicit TextChange(std::size_t maxKept)
        : m_maxKept(maxKept)
    {
    }

    void in(std::string_view part);
    void out(std::string_view part);
    /// Nothing more comes. True if both were the same.
    [[nodiscard]] bool isUnchanged() const noexcept { return !m_differs && m_unmatched.empty(); }
    /// At most maxKept bytes, whole characters. \{
    [[nodiscard]] std::string_view original() const noexcept;
    [[nodiscard]] std::string_view result() const noexcept;
    /// \}

private:
    std::size_t m_maxKept;
    std::string m_original;
    std::string m_result;
    std::string m_unmatched; ///< came in, not yet out
    bool m_differs = false;
};

} // namespace luthien::policy
