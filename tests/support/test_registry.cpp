// SPDX-License-Identifier: Apache-2.0
#include "support/test_registry.h"

#include <QCoreApplication>
#include <QNetworkProxyFactory>

#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::test {

namespace {
struct Entry
{
    const char* name;
    std::function<std::unique_ptr<QObject>()> make;
};

std::vector<Entry>& entries()
{
    static std::vector<Entry> all;
    return all;
}

/// Runs the entries called only (all if empty). Returns how many failed, -1 if there was none to run.
int runAll(std::string_view only, const QStringList& arguments)
{
    int failed = 0;
    bool any = false;
    for (const Entry& entry : entries()) {
        if (!only.empty() && only != entry.name)
            continue;
        any = true;
        const auto object = entry.make();
        if (QTest::qExec(object.get(), arguments) != 0)
            ++failed;
    }
    return any ? failed : -1;
}
} // namespace

Registration::Registration(const char* name, std::function<std::unique_ptr<QObject>()> make)
{
    entries().push_back({name, std::move(make)});
}

} // namespace luthien::test

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QNetworkProxyFactory::setUseSystemConfiguration(false); // tests stay on this machine
    QStringList arguments = application.arguments();
    std::string only;
    if (const auto at = arguments.indexOf(QStringLiteral("--only")); at > 0 && at + 1 < arguments.size()) {
        only = arguments.at(at + 1).toStdString();
        arguments.remove(at, 2);
    }
    const int failed = luthien::test::runAll(only, arguments);
    if (failed < 0) {
        std::fprintf(stderr, "no test called %s in this binary\n", only.c_str());
        return 2;
    }
    return failed == 0 ? 0 : 1;
}
