// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/data_directory.h"
#include "runtime/paths.h"
#include "store/store.h"

#include <functional>
#include <memory>

namespace luthien::runtime {

/// What a data directory holds, for programs that only look: beside a running instance read-only, else with the store
/// opened first, so that what a crash left in the journal is seen too.
class RecordedData
{
public:
    /// findKey gives what signs the chain of evidence, null = nothing; it is asked only if the store is opened.
    /// Errors: NotFound if nothing was ever recorded there, and those of the store.
    using FindKey = std::function<std::shared_ptr<const store::EvidenceKey>()>;
    [[nodiscard]] static Result<RecordedData> open(const Paths& paths, const FindKey& findKey);

    [[nodiscard]] store::Reader& reader() noexcept { return *m_reader; }

private:
    RecordedData() = default;

    std::unique_ptr<DataDirectoryLock> m_lock; ///< null beside a running instance
    std::unique_ptr<store::Store> m_store;     ///< null beside a running instance
    std::unique_ptr<store::Reader> m_reader;
};

} // namespace luthien::runtime
