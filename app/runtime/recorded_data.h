// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/data_directory.h"
#include "runtime/paths.h"
#include "store/store.h"

#include <functional>
#include <memory>

namespace luthien::runtime {

/// The store of a data directory that nobody else has open, for a command. Takes in what a crash left. key may be
/// null. Errors: those of the store and of the table of prices.
[[nodiscard]] Result<std::unique_ptr<store::Store>> openStore(const Paths& paths,
                                                              std::shared_ptr<const store::EvidenceKey> key);

/// What a data directory holds, for commands that only look. They make and change nothing, but for one thing: what a
/// crash left in the journal, or out of the search index, is taken in first, so that it is seen too. Not beside a
/// running instance, which does that itself; what waits in the journal for another database stays there, and the log
/// says so.
class RecordedData
{
public:
    /// findKey gives what signs the chain of evidence, null = nothing; it is asked only if the store is opened.
    /// Errors: those of openToRead and of the store.
    using FindKey = std::function<std::shared_ptr<const store::EvidenceKey>()>;
    [[nodiscard]] static Result<RecordedData> open(const Paths& paths, const FindKey& findKey);

    [[nodiscard]] store::Reader& reader() noexcept { return *m_reader; }

private:
    RecordedData() = default;

    std::unique_ptr<DataDirectoryLock> m_lock; ///< null = nothing is taken in
    std::unique_ptr<store::Store> m_store;     ///< likewise
    std::unique_ptr<store::Reader> m_reader;
};

} // namespace luthien::runtime
