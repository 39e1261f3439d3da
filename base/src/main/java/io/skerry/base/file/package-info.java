/**
 * Whole files and whole trees of them. {@link WholeFile} serves whatever keeps a small file that
 * others read, or that must outlast a crash. {@link FileTree} is used by whatever gives a member, a
 * host or a measurement a folder of its own and takes it back. Never follows links, so that nothing
 * outside the folder is touched. {@link FileFault} tells users what is wrong with a file.
 */
@NullMarked
package io.skerry.base.file;

import org.jspecify.annotations.NullMarked;
