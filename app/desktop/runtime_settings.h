// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/database_trial.h"
#include "desktop/controllers/evidence_verification.h"
#include "desktop/models/setting_source.h"
#include "runtime/runtime.h"

namespace luthien::desktop {

/// The settings of the running instance, for the window. Thread: GUI.
class RuntimeSettings final : public SettingSource
{
public:
    /// runtime outlives this.
    explicit RuntimeSettings(runtime::Runtime& runtime)
        : m_runtime(runtime)
    {
    }

    [[nodiscard]] std::vector<runtime::SettingState> settings() const override { return m_runtime.settings(); }
    [[nodiscard]] Result<runtime::SettingSaved> save(std::string_view key,
                                                     const std::optional<std::string>& value) override
    {
        return m_runtime.saveSetting(key, value);
    }
    [[nodiscard]] std::vector<runtime::UpstreamConfig> upstreams() const override
    {
        return m_runtime.config().upstreams;
    }

private:
    runtime::Runtime& m_runtime;
};

/// The evidence of the running instance, each time over a connection of its own.
[[nodiscard]] EvidenceSource evidenceSource(const runtime::Runtime& runtime);
/// Looks at a database without changing it; the directory names the instance. Errors: those of store::Database::open,
/// Unsupported for one that a newer program made. Thread: any.
[[nodiscard]] Result<DatabaseFinding> tryDatabase(const std::filesystem::path& directory, const std::string& url);
/// Brings its tables up to date; a database that an instance runs on is left to that one. Errors: as above.
[[nodiscard]] Result<void> makeTables(const std::filesystem::path& directory, const std::string& url);
/// "luthiend" with the options that make it read the configuration of this instance, and "secret".
[[nodiscard]] QStringList secretsCommand(const runtime::Runtime& runtime);
/// Where the database is, for people.
[[nodiscard]] QString storePlace(const store::DatabaseLocation& location);
/// Of the database's files; none = a server has them.
[[nodiscard]] std::optional<std::uint64_t> sizeOnDisk(const store::DatabaseLocation& location);

} // namespace luthien::desktop
