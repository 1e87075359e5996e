// SPDX-License-Identifier: Apache-2.0
#include "guard/shell_programs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>
#include <vector>

namespace luthien::guard {

namespace {

struct Program
{
    std::string_view name;
    ProgramKind kind;
};

using enum ProgramKind;

constexpr std::array kPrograms{
    Program{"psql", SqlClient},
    Program{"pgcli", SqlClient},
    Program{"mysql", SqlClient},
    Program{"mariadb", SqlClient},
    Program{"mycli", SqlClient},
    Program{"mysqlsh", SqlClient},
    Program{"sqlite3", SqlClient},
    Program{"sqlite", SqlClient},
    Program{"litecli", SqlClient},
    Program{"sqlcipher", SqlClient},
    Program{"duckdb", SqlClient},
    Program{"sqlcmd", SqlClient},
    Program{"osql", SqlClient},
    Program{"isql", SqlClient},
    Program{"tsql", SqlClient},
    Program{"usql", SqlClient},
    Program{"sqlplus", SqlClient},
    Program{"sql", SqlClient},
    Program{"clickhouse-client", SqlClient},
    Program{"clickhouse", SqlClient},
    Program{"clickhouse-local", SqlClient},
    Program{"cockroach", SqlClient},
    Program{"snowsql", SqlClient},
    Program{"snow", SqlClient},
    Program{"bq", SqlClient},
    Program{"trino", SqlClient},
    Program{"presto", SqlClient},
    Program{"hive", SqlClient},
    Program{"beeline", SqlClient},
    Program{"spark-sql", SqlClient},
    Program{"impala-shell", SqlClient},
    Program{"cqlsh", SqlClient},
    Program{"db2", SqlClient},
    Program{"turso", SqlClient},
    Program{"wrangler", SqlClient},
    Program{"pscale", SqlClient},
    Program{"rqlite", SqlClient},
    Program{"dolt", SqlClient},
    Program{"aws", SqlClient},
    Program{"gcloud", SqlClient},
    Program{"prisma", SqlClient},
    Program{"supabase", SqlClient},
    Program{"heroku", SqlClient},
    Program{"bash", Shell},
    Program{"sh", Shell},
    Program{"dash", Shell},
    Program{"zsh", Shell},
    Program{"ksh", Shell},
    Program{"ash", Shell},
    Program{"fish", Shell},
    Program{"eval", Shell},
    Program{"python", Interpreter},
    Program{"python2", Interpreter},
    Program{"python3", Interpreter},
    Program{"pypy3", Interpreter},
    Program{"node", Interpreter},
    Program{"nodejs", Interpreter},
    Program{"bun", Interpreter},
    Program{"deno", Interpreter},
    Program{"tsx", Interpreter},
    Program{"perl", Interpreter},
    Program{"ruby", Interpreter},
    Program{"php", Interpreter},
    Program{"rails", Interpreter},
    Program{"manage.py", Interpreter},
    Program{"django-admin", Interpreter},
    Program{"sudo", Wrapper},
    Program{"doas", Wrapper},
    Program{"env", Wrapper},
    Program{"nohup", Wrapper},
    Program{"timeout", Wrapper},
    Program{"xargs", Wrapper},
    Program{"time", Wrapper},
    Program{"nice", Wrapper},
    Program{"ionice", Wrapper},
    Program{"stdbuf", Wrapper},
    Program{"setsid", Wrapper},
    Program{"command", Wrapper},
    Program{"exec", Wrapper},
    Program{"builtin", Wrapper},
    Program{"busybox", Wrapper},
    Program{"chroot", Wrapper},
    Program{"nsenter", Wrapper},
    Program{"runuser", Wrapper},
    Program{"gosu", Wrapper},
    Program{"su-exec", Wrapper},
    Program{"flock", Wrapper},
    Program{"strace", Wrapper},
    Program{"unbuffer", Wrapper},
    Program{"script", Wrapper},
    Program{"docker", Wrapper},
    Program{"docker-compose", Wrapper},
    Program{"podman", Wrapper},
    Program{"nerdctl", Wrapper},
    Program{"kubectl", Wrapper},
    Program{"oc", Wrapper},
    Program{"find", Wrapper},
    Program{"npx", Wrapper},
    Program{"npm", Wrapper},
    Program{"pnpm", Wrapper},
    Program{"yarn", Wrapper},
    Program{"bunx", Wrapper},
    Program{"bundle", Wrapper},
    Program{"poetry", Wrapper},
    Program{"uv", Wrapper},
    Program{"pipenv", Wrapper},
    Program{"doppler", Wrapper},
    Program{"op", Wrapper},
    Program{"dotenv", Wrapper},
    Program{"railway", Wrapper},
    Program{"systemd-run", Wrapper},
    Program{"ssh", RemoteShell},
    Program{"su", RemoteShell},
    Program{"watch", RemoteShell},
    Program{"parallel", RemoteShell},
    Program{"vagrant", RemoteShell},
    Program{"fly", RemoteShell},
    Program{"flyctl", RemoteShell},
    Program{"tmux", RemoteShell},
    Program{"screen", RemoteShell},
};

/// A command that destroys by its own name: program, then (somewhere behind it) the word; "" = any use.
struct Tool
{
    std::string_view program;
    std::string_view word;
    std::string_view reason;
};

constexpr std::string_view kDrops = "the command removes a whole database";
constexpr std::string_view kEmpties = "the command empties or rebuilds the database";

constexpr std::array kTools{
    Tool{"dropdb", "", kDrops},
    Tool{"dropuser", "", "the command removes a database role"},
    Tool{"pg_dropcluster", "", "the command removes a whole database cluster"},
    Tool{"mysqladmin", "drop", kDrops},
    Tool{"mariadb-admin", "drop", kDrops},
    Tool{"pg_restore", "--clean", "pg_restore --clean drops objects before it restores them"},
    Tool{"pg_restore", "-c", "pg_restore -c drops objects before it restores them"},
    Tool{"rails", "db:drop", kDrops},
    Tool{"rails", "db:reset", kEmpties},
    Tool{"rails", "db:purge", kEmpties},
    Tool{"rails", "db:schema:load", kEmpties},
    Tool{"rake", "db:drop", kDrops},
    Tool{"rake", "db:reset", kEmpties},
    Tool{"rake", "db:purge", kEmpties},
    Tool{"rake", "db:schema:load", kEmpties},
    Tool{"manage.py", "flush", kEmpties},
    Tool{"manage.py", "reset_db", kDrops},
    Tool{"django-admin", "flush", kEmpties},
    Tool{"artisan", "db:wipe", kEmpties},
    Tool{"artisan", "migrate:fresh", kEmpties},
    Tool{"artisan", "migrate:refresh", kEmpties},
    Tool{"artisan", "migrate:reset", kEmpties},
    Tool{"console", "doctrine:database:drop", kDrops},
    Tool{"console", "doctrine:schema:drop", kEmpties},
    Tool{"mix", "ecto.drop", kDrops},
    Tool{"mix", "ecto.reset", kEmpties},
    Tool{"prisma", "reset", kEmpties},
    Tool{"prisma", "--force-reset", kEmpties},
    Tool{"prisma", "--accept-data-loss", kEmpties},
    Tool{"alembic", "base", "alembic downgrade base undoes every migration"},
    Tool{"sequelize", "db:drop", kDrops},
    Tool{"sequelize-cli", "db:drop", kDrops},
    Tool{"sequelize", "db:migrate:undo:all", kEmpties},
    Tool{"sequelize-cli", "db:migrate:undo:all", kEmpties},
    Tool{"typeorm", "schema:drop", kEmpties},
    Tool{"diesel", "reset", kEmpties},
    Tool{"sqlx", "drop", kDrops},
    Tool{"sqlx", "reset", kEmpties},
    Tool{"supabase", "reset", kEmpties},
    Tool{"flyway", "clean", kEmpties},
    Tool{"liquibase", "drop-all", kEmpties},
    Tool{"liquibase", "dropAll", kEmpties},
    Tool{"dbmate", "drop", kDrops},
    Tool{"wp", "reset", kEmpties},
    Tool{"drush", "sql:drop", kEmpties},
    Tool{"drush", "sql-drop", kEmpties},
    Tool{"heroku", "pg:reset", kEmpties},
};

constexpr std::array<std::string_view, 3> kVersioned{"python3.", "php8", "perl5"}; ///< python3.12

/// By first letter: bit n is set if a name that we know has n letters. Nearly every word of a command line is looked
/// up, and few are known.
constexpr auto kKnownLengths = [] {
    std::array<std::uint64_t, 256> lengths{};
    const auto note = [&](std::string_view name) {
        lengths[static_cast<unsigned char>(name[0])] |= std::uint64_t{1} << name.size();
    };
    for (const Program& program : kPrograms)
        note(program.name);
    for (const Tool& tool : kTools)
        note(tool.program);
    for (const std::string_view start : kVersioned)
        lengths[static_cast<unsigned char>(start[0])] |= ~std::uint64_t{0} << start.size();
    return lengths;
}();

bool mayBeKnown(std::string_view name)
{
    return !name.empty() &&
           (name.size() >= 64 || (kKnownLengths[static_cast<unsigned char>(name[0])] >> name.size() & 1) != 0);
}

bool asksForHelp(std::span<const MappedText> words)
{
    return std::any_of(words.begin(), words.end(),
                       [](const MappedText& word) { return word.text() == "--help" || word.text() == "--version"; });
}

} // namespace

ProgramKind programKind(std::string_view name)
{
    if (!mayBeKnown(name))
        return Other;
    static const auto kKinds = [] {
        std::unordered_map<std::string_view, ProgramKind> kinds;
        for (const Program& program : kPrograms)
            kinds.emplace(program.name, program.kind);
        return kinds;
    }();
    if (const auto found = kKinds.find(name); found != kKinds.end())
        return found->second;
    const bool versioned = std::any_of(kVersioned.begin(), kVersioned.end(),
                                       [&](std::string_view start) { return name.starts_with(start); });
    return versioned ? Interpreter : Other;
}

std::optional<std::string_view> destructiveTool(std::span<const MappedText> words)
{
    static const auto kToolsOf = [] {
        std::unordered_map<std::string_view, std::vector<const Tool*>> tools;
        for (const Tool& tool : kTools)
            tools[tool.program].push_back(&tool);
        return tools;
    }();
    // `python manage.py flush`, `php artisan db:wipe`, `bin/rails db:drop`: the first or the second word is the tool.
    for (std::size_t i = 0; i < words.size() && i < 2; ++i) {
        if (i == 1 && programKind(programName(words[0].text())) != Interpreter)
            break;
        const std::string_view name = programName(words[i].text());
        const auto found = mayBeKnown(name) ? kToolsOf.find(name) : kToolsOf.end();
        if (found == kToolsOf.end())
            continue;
        const auto rest = words.begin() + static_cast<std::ptrdiff_t>(i) + 1;
        for (const Tool* tool : found->second) {
            const bool matches = tool->word.empty() || std::any_of(rest, words.end(), [&](const MappedText& word) {
                                     return word.text() == tool->word;
                                 });
            if (matches && !asksForHelp(words))
                return tool->reason;
        }
    }
    return std::nullopt;
}

} // namespace luthien::guard
