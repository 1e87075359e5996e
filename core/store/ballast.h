// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace luthien::store {

/// A file that only takes room, so that there is some to give up when the disk is full: even deleting rows needs
/// room in a database. Thread: the writer's.
class Ballast
{
public:
    Ballast(std::filesystem::path file, std::uint64_t bytes);

    /// Makes the file if the disk has eight times its size to spare.
    void restore() const;
    /// False = there was nothing to give up.
    [[nodiscard]] bool release() const;

private:
    std::filesystem::path m_file;
    std::uint64_t m_bytes;
};

} // namespace luthien::store
