// What fields of every object are for, in our own words: kubectl explain shows it.

const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Of whatever has an `apiVersion` and a `kind` of its own. */
export const typeDescriptions: Readonly<Record<string, string>> = {
  apiVersion:
    "APIVersion defines by which schema the object is read: the group and the version of its kind, and the version alone for kinds of the core group.",
  kind: "Kind names what the object is, as a singular in CamelCase. It is fixed by the address to which the object is sent, and can't change.",
};

/** By the schema that `metadata` has. */
export const metadataDescriptions: Readonly<Record<string, string>> = {
  [`${meta}.ObjectMeta`]:
    "Standard object's metadata: its name, its labels, and what the cluster writes down about it.",
  [`${meta}.ListMeta`]: "Of the list as a whole: the revision at which it was read, and how to read on.",
};

/** By schema and field. */
export const fieldDescriptions: Readonly<Record<string, string>> = {
  [`${meta}.ObjectMeta.name`]:
    "Tells the object apart from all others of its kind in its namespace. It is given when the object is created and stays.",
  [`${meta}.ObjectMeta.generateName`]:
    "When no name is given, the server makes one of this text and a random end. The answer has the whole name.",
  [`${meta}.ObjectMeta.namespace`]:
    "The namespace that the object lives in. Kinds that belong to the whole cluster have none.",
  [`${meta}.ObjectMeta.uid`]: "Made by the server: never given again, not even to an object of the same name.",
  [`${meta}.ObjectMeta.resourceVersion`]:
    "Changes with every write. Sent back with an update, it makes the update fail if somebody else has written in between.",
  [`${meta}.ObjectMeta.generation`]:
    "Counts the changes of what is wanted. A status that names this number was written by somebody who has seen it.",
  [`${meta}.ObjectMeta.creationTimestamp`]:
    "CreationTimestamp is a timestamp that the server sets when it stores the object for the first time, in UTC.",
  [`${meta}.ObjectMeta.deletionTimestamp`]:
    "Set when the deletion has been asked for: from this time on, when all finalizers are gone too, the object is removed.",
  [`${meta}.ObjectMeta.deletionGracePeriodSeconds`]:
    "How long the object may take to end, once its deletion has been asked for.",
  [`${meta}.ObjectMeta.labels`]: "Short texts by which objects are selected, by services and controllers for instance.",
  [`${meta}.ObjectMeta.annotations`]: "Texts that tools keep with the object. Nothing is selected by them.",
  [`${meta}.ObjectMeta.ownerReferences`]:
    "Objects that this one belongs to. When the last of them is deleted, so is this one.",
  [`${meta}.ObjectMeta.finalizers`]:
    "Who has to finish something before the object is removed. Each takes its own name away.",
  [`${meta}.ObjectMeta.managedFields`]:
    "Which field was set by whom. Server-side apply keeps it, and finds conflicts by it.",
  [`${meta}.ObjectMeta.selfLink`]: "Not set any more.",
  [`${meta}.ListMeta.continue`]: "Sent back with the next request, it leads to the rest of a list that was cut off.",
  [`${meta}.ListMeta.remainingItemCount`]: "How many items follow after these, when that is known.",
  [`${meta}.ListMeta.resourceVersion`]: "The revision at which the list was read: a watch goes on from here.",
  [`${meta}.ListMeta.selfLink`]: "Not set any more.",
  [`${meta}.OwnerReference.apiVersion`]: "The group and the version of the owner's kind.",
  [`${meta}.OwnerReference.kind`]: "The owner's kind.",
  [`${meta}.OwnerReference.name`]: "The owner's name.",
  [`${meta}.OwnerReference.uid`]: "The owner's uid: another object of the same name is not the owner.",
  [`${meta}.OwnerReference.controller`]: "True for the one owner that manages the object.",
  [`${meta}.OwnerReference.blockOwnerDeletion`]:
    "With true, an owner that is deleted in the foreground waits until this object is gone.",
};
