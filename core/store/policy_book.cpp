// SPDX-License-Identifier: Apache-2.0
#include "store/policy_book.h"

#include "store/database.h"

namespace luthien::store {

using conversation::PolicyMode;

namespace {
/// Every row of a query without values, as make reads it.
template <typename Row, typename Make>
Result<std::vector<Row>> rowsOf(Database& database, const char* query, Make make)
{
    auto list = database.statement(query);
    if (!list)
        return list.error();
    std::vector<Row> rows;
    const auto done = (*list)->each([&](const Statement& row) -> Result<void> {
        Result<Row> made = make(row);
        if (!made)
            return made.error();
        rows.push_back(*std::move(made));
        return {};
    });
    return done ? Result<std::vector<Row>>(std::move(rows)) : done.error();
}

/// Errors: a mode that does not exist. Taken for any other it could let pass what was to be stopped.
Result<PolicyMode> modeOf(std::int64_t number, const std::string& id)
{
    if (number < 0 || number > static_cast<std::int64_t>(PolicyMode::Enforce))
        return Error{ErrorCode::InvalidInput, "the stored mode of policy '" + id + "' does not exist",
                     "mode " + std::to_string(number)};
    return static_cast<PolicyMode>(number);
}

Result<void> runAll(Database& database, std::initializer_list<const char*> queries)
{
    for (const char* const query : queries) {
        auto statement = database.statement(query);
        if (auto done = statement ? (*statement)->run() : Result<void>(statement.error()); !done)
            return done;
    }
    return {};
}

Result<void> insertPolicies(Database& database, const std::vector<StoredPolicy>& policies)
{
    auto insert = database.statement("insert_policy");
    if (!insert)
        return insert.error();
    std::int64_t position = 0;
    for (const StoredPolicy& policy : policies) {
        auto done = (*insert)
                        ->bind(":position", position++)
                        .bindText(":id", policy.id)
                        .bindText(":definition", policy.definition)
                        .bind(":mode", static_cast<std::int64_t>(policy.mode))
                        .run();
        if (!done)
            return done;
    }
    return {};
}

Result<void> insertOverrides(Database& database, const std::vector<ModeOverride>& overrides)
{
    auto insert = database.statement("insert_policy_mode");
    if (!insert)
        return insert.error();
    for (const ModeOverride& entry : overrides) {
        auto done = (*insert)->bindText(":id", entry.id).bind(":mode", static_cast<std::int64_t>(entry.mode)).run();
        if (!done)
            return done;
    }
    return {};
}
} // namespace

Result<PolicyBook> readPolicyBook(Database& database)
{
    auto seeded = database.statement("get_policies_seeded");
    const auto isSeeded = seeded ? (*seeded)->firstNumber() : Result<std::optional<std::int64_t>>(seeded.error());
    auto policies = rowsOf<StoredPolicy>(database, "list_policies", [](const Statement& row) -> Result<StoredPolicy> {
        const auto mode = modeOf(row.number(2), row.text(0));
        return mode ? Result<StoredPolicy>({row.text(0), row.text(1), *mode}) : mode.error();
    });
    auto overrides =
        rowsOf<ModeOverride>(database, "list_policy_modes", [](const Statement& row) -> Result<ModeOverride> {
            const auto mode = modeOf(row.number(1), row.text(0));
            return mode ? Result<ModeOverride>({row.text(0), *mode}) : mode.error();
        });
    if (!isSeeded || !policies || !overrides)
        return !isSeeded ? isSeeded.error() : !policies ? policies.error() : overrides.error();
    return PolicyBook{isSeeded->value_or(0) != 0, *std::move(policies), *std::move(overrides)};
}

Result<PolicyVersion> readPolicyVersion(Database& database, std::string_view version)
{
    auto get = database.statement("get_policy_version");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindText(":version", version).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Error{ErrorCode::NotFound, "no policy of this version was ever in force", std::string(version)}
                   : row.error();
    PolicyVersion found{(*get)->text(0), (*get)->text(1), (*get)->text(2), fromMicros((*get)->number(3))};
    (*get)->finish();
    return found;
}

Result<void> writePolicyBook(Database& database, const PolicyBook& book)
{
    if (auto done = runAll(database, {"delete_policies", "delete_policy_modes"}); !done)
        return done;
    if (auto done = insertPolicies(database, book.policies); !done)
        return done;
    if (auto done = insertOverrides(database, book.overrides); !done)
        return done;
    auto update = database.statement("update_policies_seeded");
    return update ? (*update)->bind(":seeded", std::int64_t{book.isSeeded}).run() : Result<void>(update.error());
}

Result<void> writePolicyVersions(Database& database, const std::vector<PolicyVersion>& versions)
{
    auto insert = database.statement("insert_policy_version");
    if (!insert)
        return insert.error();
    for (const PolicyVersion& version : versions) {
        auto done = (*insert)
                        ->bindText(":version", version.version)
                        .bindText(":policy", version.policyId)
                        .bindText(":definition", version.definition)
                        .bind(":first_used", toMicros(version.firstUsedAt))
                        .run();
        if (!done)
            return done;
    }
    return {};
}

Result<void> writePolicyChanges(Database& database, const std::vector<PolicyChange>& changes)
{
    auto insert = database.statement("insert_policy_change");
    if (!insert)
        return insert.error();
    for (const PolicyChange& change : changes) {
        auto done = (*insert)
                        ->bindText(":policy", change.policyId)
                        .bindText(":version", change.version)
                        .bind(":mode", static_cast<std::int64_t>(change.mode))
                        .bind(":at", toMicros(change.at))
                        .bindText(":author", change.author)
                        .bindText(":source", change.source)
                        .run();
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<PolicyChangeRow>> readPolicyChanges(Database& database, std::string_view policyId,
                                                       std::int64_t beforeRow, std::uint32_t limit)
{
    auto list = database.statement("list_policy_changes");
    if (!list)
        return list.error();
    (*list)->bindText(":policy", policyId).bind(":row", beforeRow).bind(":limit", std::int64_t{limit});
    std::vector<PolicyChangeRow> rows;
    const auto done = (*list)->each([&](const Statement& row) -> Result<void> {
        PolicyChangeRow found;
        found.cursor = {row.number(4), row.number(0)};
        const auto mode = modeOf(row.number(3), std::string(policyId));
        if (!mode)
            return mode.error();
        found.change = {row.text(1), row.text(2), *mode, fromMicros(row.number(4)), row.text(5), row.text(6)};
        found.definition = row.text(7);
        rows.push_back(std::move(found));
        return {};
    });
    return done ? Result<std::vector<PolicyChangeRow>>(std::move(rows)) : done.error();
}

} // namespace luthien::store
