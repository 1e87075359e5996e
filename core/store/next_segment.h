// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/segment.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace luthien::store {

/// Which file a journal goes on in: the spare, or one yet to be made. Whatever worker and writer do at the same time,
/// the worker gets them in the order of their numbers, which is the order they are read in after a crash. Thread: any.
class NextSegment
{
public:
    explicit NextSegment(std::uint64_t firstNumber)
        : m_number(firstNumber)
    {
    }

    struct Taken
    {
        std::shared_ptr<Segment> spare; ///< null = there is none of that size
        std::uint64_t number = 0;       ///< of the file to make then
    };
    /// What the worker goes on in. A spare that is too small goes.
    [[nodiscard]] Taken take(std::uint64_t neededBytes);
    /// The number of a spare to be made; none = there is one.
    [[nodiscard]] std::optional<std::uint64_t> reserve();
    /// Keeps the spare made under that number, unless the worker has taken a later one meanwhile: then it goes.
    void keep(std::shared_ptr<Segment> spare);

private:
    std::mutex m_mutex; ///< never held across a system call
    std::uint64_t m_number;
    std::shared_ptr<Segment> m_spare;
};

} // namespace luthien::store
